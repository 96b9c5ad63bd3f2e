"""The rules for templates: markup lives in macros, nothing inline, all compiles."""

import json
import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, TemplateSyntaxError

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "loket" / "static"

HTML = sorted(TEMPLATES.rglob("*.html"))
PRINTED = ("letters", "mail")
"""Read outside the browser: a letter or a mail has no stylesheet of ours."""
SHELL = TEMPLATES / "base.html"

ONLY_IN_MACROS = re.compile(r"<(input|select|textarea|button|table|svg|fieldset)\b")
INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*="),
    "an event attribute": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script without src": re.compile(r"<script(?![^>]*\ssrc=)"),
    "a style element": re.compile(r"<style\b"),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
}


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def without_comments(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)


def folder_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).parts[0]


FORM = re.compile(
    r"call ui\.form\([^%]*?label=(\"[^\"]*\"|\w+).*?%\}(.*?)\{% endcall", re.DOTALL
)
FIELD = re.compile(r"field\.\w+\([\w.\[\]]+, \"\w+\", (\"[^\"]*\"|\w+)")

SCREENS = [path for path in HTML if folder_of(path) not in PRINTED]
PAGES = [path for path in SCREENS if folder_of(path) != "macros"]


class TestTemplates:
    @pytest.mark.parametrize("path", HTML, ids=name_of)
    def test_compile(self, path):
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        )

        try:
            environment.get_template(name_of(path))
        except TemplateSyntaxError as error:
            pytest.fail(f"{name_of(path)}:{error.lineno}: {error.message}")

    @pytest.mark.parametrize("path", PAGES, ids=name_of)
    def test_leave_controls_tables_and_drawings_to_the_macros(self, path):
        found = [
            hit.group(0) for hit in ONLY_IN_MACROS.finditer(without_comments(path))
        ]

        assert found == [], f"{name_of(path)}: write or use a macro in templates/macros"

    @pytest.mark.parametrize("path", SCREENS, ids=name_of)
    def test_hold_nothing_inline_because_the_csp_refuses_it(self, path):
        text = without_comments(path)

        found = [what for what, pattern in INLINE.items() if pattern.search(text)]

        assert found == [], f"{name_of(path)}: move it to frontend/src"

    @pytest.mark.parametrize("path", PAGES, ids=name_of)
    def test_name_a_form_after_its_deed_and_not_after_a_field(self, path):
        # else a screen reader says the same words twice
        named = FORM.findall(without_comments(path))

        twice = [name for name, inside in named if name in FIELD.findall(inside)]

        assert twice == []

    @pytest.mark.parametrize("path", SCREENS, ids=name_of)
    def test_never_switch_escaping_off(self, path):
        text = without_comments(path)

        assert not re.search(r"\|\s*safe\b|autoescape\s+false", text)

    @pytest.mark.parametrize("path", PAGES, ids=name_of)
    def test_pages_have_one_shell_with_one_main_heading(self, path):
        text = without_comments(path)
        is_page = "{% extends" in text

        if path == SHELL:
            assert text.count("<h1") == 1
            assert text.count("<main") == 1
        elif is_page and "block heading" not in text:
            assert "<h1" not in text, "base.html prints the h1 from block title"


class TestAssets:
    def test_the_manifest_names_files_that_exist(self):
        manifest = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))

        missing = [path for path in manifest.values() if not (STATIC / path).is_file()]

        assert manifest
        assert missing == []

    def test_templates_ask_for_assets_in_the_manifest(self):
        manifest = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
        asked = {
            name
            for path in HTML
            for name in re.findall(r"asset\([\"']([^\"']+)", without_comments(path))
        }

        assert asked
        assert asked - manifest.keys() == set()

    def test_style_sheets_point_at_fonts_that_exist(self):
        sheets = list((STATIC / "vendor").glob("*.css"))
        fonts = [
            STATIC / "vendor" / name
            for sheet in sheets
            for name in re.findall(
                r"url\(\"?([\w.-]+\.woff2)", sheet.read_text(encoding="utf-8")
            )
        ]

        assert fonts
        assert [font for font in fonts if not font.is_file()] == []

    def test_nothing_is_fetched_from_elsewhere(self):
        texts = [*HTML, *(STATIC / "vendor").glob("*.css")]
        address = re.compile(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//")

        found = [
            path.name
            for path in texts
            if address.search(path.read_text(encoding="utf-8"))
        ]

        assert found == []

    def test_the_lock_file_holds_no_address_of_a_registry(self):
        lock = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")

        assert '"resolved"' not in lock
