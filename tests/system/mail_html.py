"""mail_html.py - HTML that the mail programs in use show alike; STANDARDS M16.

What is allowed, and where, by caniemail.com (github.com/hteumeuleu/caniemail,
`_features/`, as of 29 June 2026) for Apple Mail, Gmail and Outlook for Windows
2019.  A property that one of them has not at all, or has with a trap that our
mails could step into, is not allowed, or only where it works:

  property            page                  Apple  Gmail  Outlook  so
  margin              css-margin            yes    yes    partly   no auto, none
                                                                   below zero
  padding             css-padding           yes    yes    cells    td, th; lists,
                                                                   where Word has
                                                                   an indent
  background-color    css-background-color  yes    yes    yes
  color               css-rgba (hex form)   yes    yes    yes      #rrggbb
  font-family         css-font              yes    yes    yes
  font-size           css-font-size         yes    yes    partly   px
  font-weight         css-font-weight       yes    yes    partly   normal, bold
  line-height         css-line-height       yes    yes    partly   px
  text-decoration     css-text-decoration   yes    yes    partly   one value
  border-bottom       css-border            yes    yes    partly   cells; to 8 px
  width               css-width             yes    yes    partly   table, td
  max-width           css-max-width         yes    yes    tables   table
  white-space         css-white-space       yes    yes    no       nowrap, where
                                                                   nothing is
                                                                   lost without
  role                html-role             yes    yes    yes
  lang                html-lang             yes    yes    yes
  aria-label          html-aria-label       yes    yes    yes
  aria-hidden         html-aria-hidden      yes    yes    yes
  align               html-align            yes    yes    yes
  width, height       html-width, -height   yes    yes    partly   tables, cells
  cellpadding         html-cellpadding      yes    yes    yes
  h1, h2              html-h1-h6            yes    yes    yes
  ul, ol, li          html-lists            yes    yes    partly   plain
  p, span, strong, a  html-p, -span, -strong yes   yes    yes

  not allowed, by the same pages: display flex and grid, gap, position, float,
  background-image, border-radius, media queries (Outlook: none of them), form
  (Outlook: no), style and link elements (Gmail: partly, no), img.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import html.parser
import re

PX = re.compile(r"\d{1,3}px")
SPACES = re.compile(r"(0|\d{1,2}px)( (0|\d{1,2}px)){0,3}")
COLOUR = re.compile(r"#[0-9a-f]{6}")
TABLES = {"table"}
CELLS = {"table", "td", "th"}
ALL = None

# property: (the values that are allowed, the elements, or all)
PROPERTIES = {
    "margin": (SPACES, ALL),
    "padding": (SPACES, {"td", "th", "ul", "ol"}),
    "background-color": (COLOUR, {"body", "td", "table"}),
    "color": (COLOUR, ALL),
    "font-family": (re.compile(r"[A-Za-z]+(,[A-Za-z-]+)*"), ALL),
    "font-size": (PX, ALL),
    "font-weight": (re.compile("bold|normal"), ALL),
    "line-height": (PX, ALL),
    "text-decoration": (re.compile("none|underline"), {"a"}),
    "border-bottom": (re.compile(r"[1-8]px solid #[0-9a-f]{6}"),
                      {"td", "th"}),
    "width": (re.compile(r"100%|\d{1,3}(%|px)"), CELLS),
    "max-width": (PX, TABLES),
    "white-space": (re.compile("nowrap"), ALL),
}
# Nothing is lost where these fall away: a reset.
RESETS = {("body", "padding", "0"), ("body", "margin", "0")}
VOID = {"meta", "br"}
ELEMENTS = {
    "html": {"lang"}, "head": set(), "title": set(), "body": {"style"},
    "meta": {"charset", "name", "content"},
    "table": {"role", "width", "cellpadding", "cellspacing", "border",
              "style", "bgcolor", "aria-hidden", "aria-label", "lang",
              "align"},
    "tr": set(),
    "td": {"align", "bgcolor", "colspan", "height", "lang", "style", "width",
           "aria-hidden"},
    "th": {"align", "scope", "style", "width"},
    "h1": {"style", "lang"}, "h2": {"style", "lang"}, "p": {"style", "lang"},
    "a": {"href", "style", "aria-label"}, "strong": {"style"},
    "span": {"style", "lang", "aria-hidden"}, "br": set(),
    "ul": {"style"}, "ol": {"style"}, "li": {"style"},
}


class Checker(html.parser.HTMLParser):
    def __init__(self, links):
        super().__init__()
        self.faults, self.open, self.links = [], [], links

    def fault(self, text):
        self.faults.append(text)

    def handle_starttag(self, tag, attrs):
        if tag not in ELEMENTS:
            return self.fault(f"<{tag}>")
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name not in ELEMENTS[tag]:
                self.fault(f"<{tag} {name}>")
            elif name == "style":
                self.style(tag, value)
            elif name == "href" and not value.startswith(self.links):
                self.fault(f"<a href={value}>")
        if tag == "table" and dict(attrs).get("role") != "presentation" and \
                not dict(attrs).get("aria-label"):
            self.fault("<table> that is no layout, and has no name")
        if tag == "a" and "href" not in dict(attrs):
            self.fault("<a> without a target")

    def style(self, tag, text):
        for part in text.rstrip(";").split(";"):
            name, _, value = part.partition(":")
            if (tag, name, value) in RESETS:
                continue
            allowed, where = PROPERTIES.get(name, (None, None))
            if allowed is None or not allowed.fullmatch(value) or \
                    (where is not None and tag not in where):
                self.fault(f'<{tag} style="{part}">')

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.fault(f"</{tag}> out of place")

    def handle_comment(self, data):
        self.fault(f"<!--{data}-->")


def faults(page, base):
    """What is not allowed in a mail whose links are base's; [] if none."""
    c = Checker((base, "mailto:", "tel:"))
    c.feed(page)
    c.close()
    if c.open:
        c.fault("not closed: " + " ".join(c.open))
    if "url(" in page or "@import" in page or "!important" in page:
        c.fault("something external or forced")
    return c.faults
