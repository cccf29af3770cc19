"""What people could type to harm a page, a mail or a file, and a reader that finds it there.

Each string carries a mark, written ``hx`` here: where it stands in anything but text,
or in a text that is not the whole of what was typed, it has done something.
"""

from html.parser import HTMLParser

MARK = "hxħ"  # a name for scripts, elements and attributes, and in no token by chance
_SHORT = (
    "<script>hx()</script>",
    '"><img src=x onerror=hx()>',
    "'><svg/onload=hx()>",
    "</textarea><b hx>",
    "javascript:hx()",
    "{{ hx|add:7 }} {% now hx %}",
    "&lt;hx&gt; &amp;hx",
    "=HYPERLINK(hx)",
    "\u202ehx\u202c \u200bhx",
    "`${hx}` %(hx)s %shx \\hx",
)
_LONG = (
    *_SHORT,
    "<SCRIPT SRC=//hx.example/x.js></SCRIPT>",
    "<scr<script>ipt>hx()</scr</script>ipt>",
    "</script><script>hx()</script>",
    "</title><script>hx()</script>",
    "</style><style>*{hx:1}</style>",
    "<!--hx--><!-- hx",
    "<![CDATA[hx]]>",
    "<?xml hx?>",
    "<a href=javascript:hx()>hx</a>",
    "<iframe srcdoc='hx'></iframe>",
    "<base href=//hx.example>",
    "<meta http-equiv=refresh content=0;//hx>",
    "<form action=//hx.example><input name=hx>",
    "<input autofocus onfocus=hx()>",
    "<details open ontoggle=hx()>",
    "<body onload=hx()>",
    "<math><mi xlink:href=hx>",
    "<object data=hx>",
    "<link rel=stylesheet href=//hx.example>",
    "<template><hx></template>",
    '" onmouseover="hx()',
    "' onfocus='hx() ' autofocus='",
    "x onmouseover=hx()",
    "&#60;script&#62;hx()&#60;/script&#62;",
    "&#x3c;hx&#x3e;",
    "&quot;hx&quot;",
    "%3Cscript%3Ehx()%3C/script%3E",
    "\\u003cscript\\u003ehx()",
    "\\x3chx\\x3e",
    "＜script＞hx()＜/script＞",
    "<hx>\N{ZERO WIDTH JOINER}</hx>",
    "+hx", "-hx", "@hx", "＝hx",
    "'; DROP TABLE hx; --",
    "1 OR 1=1 hx",
    "../../../etc/hx",
    "file:///etc/hx",
    "data:text/html,<script>hx()</script>",
    "{% include 'hx' %}",
    "{# hx #}",
    "${7*7}hx #{7*7}",
    "{0.hx} {hx}",
    "%n%s%hx",
    "hx\N{PILE OF POO}\N{VARIATION SELECTOR-16}",
    "h\u0301x hx",
    "العربية hx",
    "日本語 hx",
    "Bcc: hx@example.org",
)  # fmt: skip
SHORT, LONG = [[one.replace("hx", MARK) for one in strings] for strings in (_SHORT, _LONG)]


def texts_of(strings, most=240):
    """The strings, several to a text, each text short enough for every box."""
    texts = [""]
    for one in strings:
        joined = f"{texts[-1]} {one}".strip()
        if len(joined) <= most:
            texts[-1] = joined
        else:
            texts.append(one)
    return texts


def harm_in(html, typed):
    """What in a page comes of hostile text, other than that text itself, whole."""
    return _Reader.of(html, typed).harm


def seen_in(html, typed):
    """Those of these texts that stand in a page as they were typed."""
    return _Reader.of(html, typed).seen


class _Reader(HTMLParser):
    @classmethod
    def of(cls, html, typed):
        reader = cls(convert_charrefs=True)
        reader.typed, reader.seen, reader.harm = sorted(typed, key=len)[::-1], set(), []
        reader.text, reader.within = "", []
        reader.feed(html)
        reader.close()
        reader._read(reader.text, "text")
        return reader

    def _read(self, text, where):
        for one in self.typed if MARK in text else ():
            if one in text:
                self.seen.add(one)
                text = text.replace(one, "")
        if MARK in text:  # the history cuts long texts, and says so
            text = "".join(self._without_a_cut(part) for part in text.split("…"))
        if MARK in text:
            at = text.index(MARK)
            self.harm.append(f"{where}: …{text[max(0, at - 80) : at + 300]}…")

    def _without_a_cut(self, text):
        """What stands before "…", without the beginning of a typed text."""
        for one in self.typed:
            for length in range(len(one) - 1, 0, -1):
                if text.endswith(one[:length]):
                    return text[:-length]
        return text

    def handle_starttag(self, tag, attrs):
        self.within.append(tag)
        if MARK in tag:
            self.harm.append(f"element {tag}")
        for name, value in attrs:
            if MARK in name or (name.startswith("on") and MARK in (value or "")):
                self.harm.append(f"attribute {name} of {tag}")
            elif value and MARK in value:
                if name in ("href", "src", "action", "style", "class", "id"):
                    self.harm.append(f"{name}={value}")
                self._read(value, f"{name} of {tag}")

    def handle_data(self, data):
        if self.within and self.within[-1] in ("script", "style") and MARK in data:
            self.harm.append(f"in {self.within[-1]}: {data[:80]}")
        self.text += data

    def handle_endtag(self, tag):
        self.within.append("")

    def handle_comment(self, data):
        if MARK in data:
            self.harm.append(f"comment {data}")

    def handle_decl(self, decl):
        if MARK in decl:
            self.harm.append(f"declaration {decl}")

    unknown_decl = handle_pi = handle_decl
