"""From bytes to a trusted XML element: parse safely, recognise, validate."""

import contextlib
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock

from lxml import etree
from lxml.etree import _Element as Element

from loket.errors import LoketError, NotConfigured

MAX_BYTES = 10 * 1024 * 1024
RELEASE = "3_2"
BASIS = f"http://www.istandaarden.nl/iwmo/{RELEASE}/basisschema/schema"
MAX_MELDINGEN = 10

_NAMESPACE = re.compile(
    r"http://www\.istandaarden\.nl/iwmo/([0-9]_[0-9])/wmo(3[0-9]{2})/schema"
)
_DECLARED = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LOCATIONS = {f"{{{_XSI}}}schemaLocation", f"{{{_XSI}}}noNamespaceSchemaLocation"}
_XS = "{http://www.w3.org/2001/XMLSchema}"


class Reden(StrEnum):
    """Why a file is not a message that we can read."""

    TE_GROOT = "te_groot"
    CODERING = "codering"
    GEEN_XML = "geen_xml"
    DTD_OF_ENTITEIT = "dtd_of_entiteit"
    ATTRIBUUT = "attribuut"
    ONBEKEND_BERICHT = "onbekend_bericht"
    ONBEKENDE_VERSIE = "onbekende_versie"
    XSD = "xsd"
    STRUCTUUR = "structuur"
    WAARDE = "waarde"
    BSN = "bsn"
    REGEL = "regel"


TEKST = {
    Reden.TE_GROOT: "Het bestand is te groot.",
    Reden.CODERING: "Het bestand is niet in UTF-8 geschreven.",
    Reden.GEEN_XML: "Het bestand is geen goede XML.",
    Reden.DTD_OF_ENTITEIT: "Het bestand bevat een DTD of een entiteit. Dat mag niet.",
    Reden.ATTRIBUUT: "Het bericht bevat een attribuut. Dat mag niet.",
    Reden.ONBEKEND_BERICHT: "Dit is geen iWmo-bericht dat wij kennen.",
    Reden.ONBEKENDE_VERSIE: "Het bericht hoort bij een andere versie van iWmo.",
    Reden.XSD: "Het bericht past niet bij het schema van iWmo.",
    Reden.STRUCTUUR: "Een onderdeel van het bericht ontbreekt of staat verkeerd.",
    Reden.WAARDE: "Een waarde in het bericht is niet goed geschreven.",
    Reden.BSN: "Het burgerservicenummer klopt niet.",
    Reden.REGEL: "Het bericht houdt zich niet aan de regels van iWmo.",
}


@dataclass(frozen=True)
class Melding:
    """One complaint of the schema: where and which rule, never what was written."""

    regel: int
    element: str
    soort: str


class BerichtFout(LoketError):
    """A message that cannot be read or may not be written; holds no content of it."""

    def __init__(
        self,
        reden: Reden,
        element: str = "",
        meldingen: tuple[Melding, ...] = (),
    ) -> None:
        super().__init__(TEKST[reden])
        self.reden = reden
        self.element = element
        self.meldingen = meldingen

    def __str__(self) -> str:
        """Tell reason and places in one line, fit for a log or a reason file."""
        places = [f"regel {m.regel}: {m.element} {m.soort}" for m in self.meldingen]
        place = [f"element {self.element}"] if self.element else []
        return "; ".join([f"{self.reden}: {self.message}", *place, *places])


@dataclass(frozen=True)
class Soort:
    """Which message this is, told by the namespace of the root."""

    code: str
    release: str = RELEASE

    @property
    def naam(self) -> str:
        """The name in namespaces, prefixes and file names, as `wmo315`."""
        return f"wmo{self.code}"

    @property
    def namespace(self) -> str:
        """The namespace of the elements of this message."""
        return f"http://www.istandaarden.nl/iwmo/{self.release}/{self.naam}/schema"


def read(data: bytes, max_bytes: int = MAX_BYTES) -> Element:
    """Parse a message: no DTD, no entity, no network, nothing but UTF-8."""
    if len(data) > max_bytes:
        raise BerichtFout(Reden.TE_GROOT)
    root = _parse(_read_text(data).encode())
    if root.getroottree().docinfo.internalDTD is not None:
        raise BerichtFout(Reden.DTD_OF_ENTITEIT)
    _refuse_attributes(root)
    return root


def _read_text(data: bytes) -> str:
    """Decode as UTF-8; another encoding would hide a DTD from the next check."""
    text = _decode(data)
    if text is None:
        raise BerichtFout(Reden.CODERING)
    declared = _DECLARED.match(text)
    if declared and declared[1].lower() not in {"utf-8", "utf8"}:
        raise BerichtFout(Reden.CODERING)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BerichtFout(Reden.DTD_OF_ENTITEIT)
    return text


def _decode(data: bytes) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _parse(data: bytes) -> Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    # raised outside the handler: the parser's own message may quote the file
    root = None
    with contextlib.suppress(etree.XMLSyntaxError):
        root = etree.fromstring(data, parser)
    if root is None:
        raise BerichtFout(Reden.GEEN_XML)
    return root


def _refuse_attributes(root: Element) -> None:
    """Drop schema locations, which a validator would follow; refuse the rest."""
    for name in _LOCATIONS & set(root.attrib):
        del root.attrib[name]
    if root.xpath("boolean(//@*)"):
        raise BerichtFout(Reden.ATTRIBUUT)


def soort_of(root: Element) -> Soort:
    """Recognise the message by its root."""
    name = etree.QName(root)
    found = _NAMESPACE.fullmatch(name.namespace or "")
    if not found or name.localname != "Bericht":
        raise BerichtFout(Reden.ONBEKEND_BERICHT)
    if found[1] != RELEASE:
        raise BerichtFout(Reden.ONBEKENDE_VERSIE)
    return Soort(found[2], found[1])


@dataclass(frozen=True)
class _Schema:
    validator: etree.XMLSchema
    namen: frozenset[str]
    basis_versie: str
    bericht_versie: str


class Schemas:
    """The official XSDs in a folder, compiled on first use.

    They are not part of Loket: the administrator fetches them from the Ketenbureau.
    """

    def __init__(self, xsd_dir: Path | None) -> None:
        self._dir = xsd_dir
        self._compiled: dict[str, _Schema] = {}
        self._lock = Lock()

    def validate(self, root: Element) -> Soort:
        """Check a message against the XSD of its own kind."""
        soort = soort_of(root)
        schema = self._find(soort)
        # a compiled schema keeps its last errors: two threads would mix them
        with self._lock:
            if schema.validator.validate(root):
                return soort
            log = list(schema.validator.error_log)[:MAX_MELDINGEN]
        meldingen = tuple(
            Melding(e.line, _known_name(e.path, schema.namen), e.type_name) for e in log
        )
        raise BerichtFout(Reden.XSD, meldingen=meldingen)

    def versies(self, soort: Soort) -> tuple[str, str]:
        """Tell the versions of basisschema and message, for XsdVersie (IV034)."""
        schema = self._find(soort)
        return schema.basis_versie, schema.bericht_versie

    def _find(self, soort: Soort) -> _Schema:
        with self._lock:
            if soort.namespace not in self._compiled:
                self._compiled[soort.namespace] = self._compile(soort)
            return self._compiled[soort.namespace]

    def _compile(self, soort: Soort) -> _Schema:
        if self._dir is None or not self._dir.is_dir():
            raise NotConfigured("De map met de schema's van iWmo is niet ingesteld.")
        for path in sorted(self._dir.rglob(f"{soort.naam.upper()}.xsd")):
            tree = _read_schema(path)
            if tree.get("targetNamespace") == soort.namespace:
                return _make_schema(path, tree)
        raise NotConfigured(
            f"Het schema van bericht {soort.naam.upper()} staat niet in de map."
        )


def _read_schema(path: Path) -> Element:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    root = None
    with contextlib.suppress(OSError, etree.XMLSyntaxError):
        root = etree.parse(path, parser).getroot()
    if root is None:
        raise NotConfigured(f"Het schema {path.name} is niet te lezen.")
    return root


def _make_schema(path: Path, root: Element) -> _Schema:
    validator = None
    with contextlib.suppress(etree.XMLSchemaParseError):
        validator = etree.XMLSchema(etree.ElementTree(root))
    basis = path.parent / "basisschema.xsd"
    if validator is None or not basis.is_file():
        raise NotConfigured(f"Het schema {path.name} is niet te gebruiken.")
    named = [*root.iter(f"{_XS}element"), *_read_schema(basis).iter(f"{_XS}element")]
    return _Schema(
        validator,
        frozenset(element.get("name", "") for element in named),
        _appinfo(root, "BasisschemaXsdVersie"),
        _appinfo(root, "BerichtXsdVersie"),
    )


def _appinfo(root: Element, name: str) -> str:
    return root.findtext(f".//{_XS}appinfo/{{*}}{name}", default="1.0.0")


def _known_name(path: str | None, namen: frozenset[str]) -> str:
    """Name the element only if the schema knows it: a name can carry content too."""
    last = re.split(r"[/:]", path or "")[-1].split("[")[0]
    return last if last in namen else "onbekend"
