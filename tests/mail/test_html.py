"""HTML as a browser would show it, with its structure; what is kept from view is collected apart."""

from __future__ import annotations

import pytest

from vanthu.mail.html import to_text


def _text(markup: str) -> str:
    return to_text(markup, 100_000).text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("a<br/>b<br>\n c", "a\nb\nc"),
        ("<p>a\n  b <b>c</b>d</p><p>e", "a b cd\ne"),
        ("a <b> b", "a b"),
        ("1 < 2 && 3 > 2 <3", "1 < 2 && 3 > 2 <3"),
        ("&lt;a@b&gt; &amp; &#272;&#x1ED9;c&nbsp;l&ecirc;n &nosuch; &#", "<a@b> & Độc lên &nosuch; &#"),
        ("<pre>a  b\n  c</pre>d", "a  b\n  c\nd"),
        ('<div style="white-space: pre-wrap">a  b\nc</div>', "a  b\nc"),
        ("<ul><li>một<li>hai</ul>ba", "- một\n- hai\nba"),
        ("a<hr>b", "a\n" + "-" * 40 + "\nb"),
        ("<script>if (a<b) x</script>a<style>p{}</style><title>t</title>b", "ab"),
        ("a<!-- b -->c<!--[if mso]><p>d</p><![endif]-->e<![if !mso]>f<![endif]>g<!---->h<!-->i", "acefghi"),
        ("<a title='>'>a</a><a b=\"x>y\">c", "ac"),
        ("<<b>script>alert</script>x", "<script>alertx"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n> > b\nc"),
        ("<blockquote><p>a</p><br><p>b</blockquote>", "> a\n>\n> b"),
        ("</blockquote></td></table>a", "a"),
        ("<table><tr><td>a<td>b<tr><td>c</table>d", "a\tb\nc\nd"),
        ("<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc"),
        ("<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td><td>c</td></tr></table>", "a\tb\tc"),
        ("<td>a</td><tr>b", "a\nb"),
        ("a<p", "a"),
        ('<a href="x>y', "y"),
        ("a<o:p></o:p>b<x-y>c", "abc"),
        ("<B>a</B><DIV>b</DIV>", "a\nb"),
        ("a&#" + "9" * 5000 + ";b", "a\ufffdb"),
    ],
)
def test_shown(markup: str, text: str) -> None:
    assert _text(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="display:none">x</p>',
        '<p style="DISPLAY : NONE !important">x</p>',
        '<p style="display&#58;none">x</p>',
        '<p style="visibility:hidden">x</p>',
        '<p style="font-size:0">x</p>',
        '<p style="font-size:1px;line-height:1px">x</p>',
        '<p style="opacity:0">x</p>',
        '<p style="mso-hide:all">x</p>',
        '<p style="max-height:0;overflow:hidden">x</p>',
        "<p hidden>x</p>",
        '<p class="a" hidden>x</p>',
        "<div style='display:none'><div>x</div>x</div>",
        '<font color="white">x</font>',
        '<font color="#FFFFFF">x</font>',
        '<span style="color: rgb(255, 255, 255)">x</span>',
        '<span style="color:transparent">x</span>',
        "<p style='display:none'>x<p>",
    ],
)
def test_hidden(markup: str) -> None:
    rendered = to_text(f"a {markup} b", 1000)
    assert "x" not in rendered.text
    assert rendered.text.split() == ["a", "b"]
    assert set(rendered.hidden) <= set("x ")
    assert rendered.hidden


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="font-size:10pt">x</p>',
        '<p style="font-size:0.9em">x</p>',
        '<p style="opacity:0.9">x</p>',
        '<p style="text-decoration:none;border:none">x</p>',
        '<p style="overflow:hidden">x</p>',
        '<div style="background:#004080"><font color="white">x</font></div>',
        '<td bgcolor="navy"><span style="color:#fff">x</span></td>',
        '<font color="#fffff0">x</font>',
        '<p style="background-color:white">x</p>',
        '<font color="white"><font color="black">x</font></font>',
        '<a href="?display:none" title="hidden">x</a>',
        '<p class="hidden-xs">x</p>',
        '<img style="display:none">x',
        "<p style='display:none'><p>x",
    ],
)
def test_not_hidden(markup: str) -> None:
    rendered = to_text(markup, 1000)
    assert rendered.text == "x"
    assert rendered.hidden == ""


def test_limits_are_told() -> None:
    assert to_text("abc", 2) == to_text("ab<!--", 2).__class__("ab", "", True)
    assert to_text("<b>" * 200_000 + "x", 100).cut
    assert not to_text("abc", 3).cut
