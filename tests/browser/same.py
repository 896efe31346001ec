"""Whether two pictures of a page are the same around a place: `same.py ONE OTHER LEFT TOP RIGHT BOTTOM`, shares of the page.

Prints the mean difference of the area, of 255, and the mean difference of ONE from white paper there: ink that is in both.
"""
import sys

from PIL import Image, ImageChops, ImageFilter, ImageStat


def main():
    one, other = (Image.open(name).convert("RGB") for name in sys.argv[1:3])
    other = other.resize(one.size, Image.LANCZOS)
    left, top, right, bottom = (float(text) for text in sys.argv[3:7])
    box = (int(left * one.width), int(top * one.height), int(right * one.width), int(bottom * one.height))
    # Two programs smooth the edges of letters in two ways; blurred, only what stands elsewhere is still another.
    a, b = (image.crop(box).filter(ImageFilter.GaussianBlur(3)) for image in (one, other))
    paper = Image.new("RGB", a.size, "white")
    print(*(round(sum(ImageStat.Stat(ImageChops.difference(a, c)).mean) / 3, 2) for c in (b, paper)))


if __name__ == "__main__":
    main()
