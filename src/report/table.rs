//! A ruled table over as many pages as it needs: the heads stand on each page, and no row is split.

use super::sheet::{Align, LANDSCAPE, Sheets, Style};

/// Room between a rule and the text, in points.
const PAD: f32 = 3.0;
const HAIR: f32 = 0.4;
const STRONG: f32 = 0.9;
/// Most lines of a cell; a row is never higher than a page.
const MAX_LINES: usize = 34;

/// A column: its share of the width, its head, how its cells stand.
pub(super) struct Column {
    /// Width in points; the widths of a table fill the print from left to right.
    pub width: f32,
    /// Head.
    pub head: String,
    /// How the cells stand.
    pub align: Align,
}

/// The table in the making.
pub(super) struct Table {
    columns: Vec<Column>,
    size: f32,
    edges: (f32, f32),
    /// The columns have numbers under their heads, as in the forms of Decree 30/2020.
    numbered: bool,
    /// Upper edge of the part on this page, once its heads are written.
    top: Option<f32>,
}

impl Table {
    /// A table whose text has `size` points; its heads are written together with the first row.
    pub fn new(columns: Vec<Column>, size: f32) -> Self {
        Self::between(LANDSCAPE.edges, columns, size)
    }

    /// As [`Table::new`], between other edges.
    pub fn between(edges: (f32, f32), mut columns: Vec<Column>, size: f32) -> Self {
        let total: f32 = columns.iter().map(|c| c.width).sum();
        let scale = (edges.1 - edges.0) / total.max(1.0);
        columns.iter_mut().for_each(|c| c.width *= scale);
        Self { columns, size, edges, numbered: false, top: None }
    }

    /// With `(1)`, `(2)` … under the heads.
    pub fn numbered(self) -> Self {
        Self { numbered: true, ..self }
    }

    /// Writes a row; each cell is a list of paragraphs.
    pub fn row(&mut self, sheets: &mut Sheets, cells: &[Vec<String>]) {
        let style = Style::regular(self.size);
        let cells: Vec<Vec<String>> =
            self.columns.iter().zip(cells).map(|(column, cell)| self.wrapped(sheets, column, cell)).collect();
        let height = self.height(&cells);
        if self.top.is_none() {
            self.heads(sheets, height);
        } else if !sheets.has_room(height) {
            self.close(sheets);
            sheets.next_page();
            self.heads(sheets, height);
        }
        self.write(sheets, &cells, style, height);
        sheets.rule((self.edges.0, sheets.y), (self.edges.1, sheets.y), HAIR);
    }

    /// Ends the table.
    pub fn end(self, sheets: &mut Sheets) {
        self.close(sheets);
    }

    fn wrapped(&self, sheets: &Sheets, column: &Column, cell: &[String]) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in cell.iter().filter(|p| !p.is_empty()) {
            let most = MAX_LINES.saturating_sub(lines.len());
            if most == 0 {
                break;
            }
            lines.extend(sheets.ruler.lines(paragraph, self.size, column.width - 2.0 * PAD, most));
        }
        lines
    }

    fn height(&self, cells: &[Vec<String>]) -> f32 {
        let rows = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        rows as f32 * Style::regular(self.size).leading() + 2.0 * PAD
    }

    /// The heads, centred in both directions between two strong rules, with a row of `first` points under them.
    fn heads(&mut self, sheets: &mut Sheets, first: f32) {
        let style = Style::bold(self.size);
        let room = |c: &Column| c.width - 2.0 * PAD;
        let heads: Vec<Vec<String>> =
            self.columns.iter().map(|c| sheets.ruler.lines(&c.head, self.size, room(c), MAX_LINES)).collect();
        let height = self.height(&heads);
        let numbers = if self.numbered { style.leading() + PAD } else { 0.0 };
        if !sheets.has_room(height + numbers + first) {
            sheets.next_page();
        }
        self.top = Some(sheets.y);
        sheets.rule((self.edges.0, sheets.y), (self.edges.1, sheets.y), STRONG);
        let mut left = self.edges.0;
        for (column, head) in self.columns.iter().zip(&heads) {
            let free = height - 2.0 * PAD - head.len() as f32 * style.leading();
            let edges = (left + PAD, left + column.width - PAD);
            sheets.cell(head, style, edges, Align::Center, sheets.y - PAD - free / 2.0);
            left += column.width;
        }
        sheets.y -= height;
        sheets.rule((self.edges.0, sheets.y), (self.edges.1, sheets.y), STRONG);
        if self.numbered {
            self.numbers(sheets, numbers);
        }
    }

    fn numbers(&self, sheets: &mut Sheets, height: f32) {
        let mut left = self.edges.0;
        for (number, column) in (1..).zip(&self.columns) {
            let edges = (left + PAD, left + column.width - PAD);
            let cell = [format!("({number})")];
            sheets.cell(&cell, Style::regular(self.size), edges, Align::Center, sheets.y - PAD / 2.0);
            left += column.width;
        }
        sheets.y -= height;
        sheets.rule((self.edges.0, sheets.y), (self.edges.1, sheets.y), HAIR);
    }

    fn write(&self, sheets: &mut Sheets, cells: &[Vec<String>], style: Style, height: f32) {
        let mut left = self.edges.0;
        for (column, lines) in self.columns.iter().zip(cells) {
            let edges = (left + PAD, left + column.width - PAD);
            sheets.cell(lines, style, edges, column.align, sheets.y - PAD);
            left += column.width;
        }
        sheets.y -= height;
    }

    /// Upright rules and the strong rule under the part on this page.
    fn close(&self, sheets: &mut Sheets) {
        let Some(top) = self.top else { return };
        let low = sheets.y;
        let (mut x, right) = self.edges;
        sheets.rule((x, top), (x, low), STRONG);
        for column in &self.columns {
            x += column.width;
            sheets.rule((x, top), (x, low), if x + 1.0 > right { STRONG } else { HAIR });
        }
        sheets.rule((self.edges.0, low), (right, low), STRONG);
    }
}
