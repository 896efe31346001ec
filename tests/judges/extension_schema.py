"""PDF/A extension schemas (ISO 19005-2 6.6.2.3.3, the form of ISO 19005-1 6.7.8): which own properties a packet may have.

`described(packet)` gives faults of the description and of the described values, and the names that it allows. A validator that
knows the predefined schemas only can then be believed on everything else.
"""
import re

from lxml import etree

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
OWN = {EXTENSION: "pdfaExtension", SCHEMA: "pdfaSchema", PROPERTY: "pdfaProperty"}

DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?\Z")
VALUES = {
    "Text": lambda text: True,
    "Integer": lambda text: re.fullmatch(r"[+-]?\d+", text),
    "Boolean": lambda text: text in ("True", "False"),
    "Date": lambda text: DATE.match(text),
}
CONTAINERS = {"bag": "Bag", "seq": "Seq"}


def text_of(parent, namespace, name):
    child = parent.find(f"{{{namespace}}}{name}")
    return None if child is None or child.text is None else child.text.strip()


def items(parent, container):
    box = parent.find(f"{{{RDF}}}{container}")
    return [] if box is None else box.findall(f"{{{RDF}}}li")


def properties(schema, where, faults):
    """Name to value type of a schema's properties; every field of a description is needed."""
    found = {}
    holder = schema.find(f"{{{SCHEMA}}}property")
    for entry in items(holder, "Seq") if holder is not None else []:
        fields = {name: text_of(entry, PROPERTY, name) for name in ("name", "valueType", "category", "description")}
        missing = [name for name, value in fields.items() if not value]
        if missing:
            faults.append(f"{where}: a property without {', '.join(missing)}")
            continue
        if fields["category"] not in ("internal", "external"):
            faults.append(f"{where}: category of {fields['name']} is {fields['category']}")
        if fields["name"] in found:
            faults.append(f"{where}: {fields['name']} is described twice")
        found[fields["name"]] = fields["valueType"]
    if not found:
        faults.append(f"{where}: no property is described")
    return found


def check_value(element, kind, where, faults):
    container, _, base = kind.rpartition(" ")
    if base not in VALUES or container and container not in CONTAINERS:
        faults.append(f"{where}: the value type {kind} is not known")
        return
    if container:
        values = [li.text or "" for li in items(element, CONTAINERS[container])]
        if not values:
            faults.append(f"{where}: no {container}")
    else:
        values = [element.text or ""]
        if len(element):
            faults.append(f"{where}: not a simple value")
    faults.extend(f"{where}: {value!r} is no {base}" for value in values if not VALUES[base](value.strip()))


def described(packet: bytes):
    """Faults, allowed namespaces, allowed property names with their prefixes."""
    faults, schemas = [], {}
    root = etree.fromstring(packet, etree.XMLParser(resolve_entities=False, no_network=True))
    holders = list(root.iter(f"{{{EXTENSION}}}schemas"))
    if len(holders) > 1:
        faults.append("pdfaExtension:schemas stands more than once")
    for holder in holders:
        for schema in items(holder, "Bag"):
            fields = {name: text_of(schema, SCHEMA, name) for name in ("schema", "namespaceURI", "prefix")}
            where = f"extension schema {fields['prefix']}"
            missing = [name for name, value in fields.items() if not value]
            if missing:
                faults.append(f"{where}: without {', '.join(missing)}")
                continue
            schemas[fields["namespaceURI"]] = (fields["prefix"], properties(schema, where, faults))
    names = set()
    for description in root.iter(f"{{{RDF}}}Description"):
        for element in description:
            name = etree.QName(element)
            if name.namespace not in schemas:
                continue
            prefix, kinds = schemas[name.namespace]
            where = f"{prefix}:{name.localname}"
            if element.prefix != prefix:
                faults.append(f"{where}: the prefix is {element.prefix}")
            if name.localname not in kinds:
                faults.append(f"{where}: not described")
                continue
            names.add(where)
            check_value(element, kinds[name.localname], where, faults)
    namespaces = set(schemas) | (set(OWN) if holders else set())
    names |= {"pdfaExtension:schemas"} if holders else set()
    return faults, namespaces, names
