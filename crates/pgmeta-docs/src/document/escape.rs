//! How a text is written into HTML and into Markdown, so that it is shown as it is and changes nothing around it.

use std::fmt::{Result, Write};

use askama::filters::Escaper;

/// What stands for a character that neither format can hold. Not every encoding of a database has the character itself.
const UNSHOWN: &str = "&#xFFFD;";

/// Escapes text for HTML, in elements and in quoted attributes.
#[derive(Clone, Copy, Debug)]
pub struct Html;

impl Escaper for Html {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> Result {
        let mut begin = 0;
        for (at, c) in text.char_indices() {
            let escaped = match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\t' | '\n' => continue,
                // A carriage return would be read as a line feed.
                '\r' => "&#13;",
                '\u{FFFE}' | '\u{FFFF}' => UNSHOWN,
                c if c.is_control() => UNSHOWN,
                _ => continue,
            };
            dest.write_str(&text[begin..at])?;
            dest.write_str(escaped)?;
            begin = at + c.len_utf8();
        }
        dest.write_str(&text[begin..])
    }
}

/// Escapes text for Markdown: for a paragraph, a heading, the text of a link or a cell of a table.
#[derive(Clone, Copy, Debug)]
pub struct Markdown;

impl Escaper for Markdown {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> Result {
        let text = text.trim_end_matches(['\n', '\r']);
        let mut last = None;
        for (at, c) in text.char_indices() {
            match c {
                '\r' if text[at + 1..].starts_with('\n') => {}
                '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => dest.write_str("<br>")?,
                '<' => dest.write_str("&lt;")?,
                '>' => dest.write_str("&gt;")?,
                '&' => dest.write_str("&amp;")?,
                // Inside of a word, it does not emphasize.
                '_' if is_word(last) && is_word(text[at + 1..].chars().next()) => dest.write_char(c)?,
                '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '#' | '@' | '$' | '!' => {
                    dest.write_char('\\')?;
                    dest.write_char(c)?;
                }
                // A list, a heading's line, a number with a dot: only where a line begins.
                '-' | '+' | '=' if last.is_none() => {
                    dest.write_char('\\')?;
                    dest.write_char(c)?;
                }
                // Addresses become links, which a text of a schema should not decide.
                ':' if text[at..].starts_with("://") => dest.write_str("&#58;")?,
                c if c.is_control() => dest.write_str(UNSHOWN)?,
                c => dest.write_char(c)?,
            }
            last = Some(c);
        }
        Ok(())
    }
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// Returns SQL in a block of Markdown that no line of it can end.
pub fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(3.max(longest + 1));
    format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches('\n'))
}

/// Returns SQL in a line or a cell of Markdown.
pub fn inline(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    // In a cell, only HTML can hold line breaks and a bar in code.
    let mut out = String::from("<code>");
    let _ = Markdown.write_escaped_str(&mut out, text);
    out.push_str("</code>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let mut out = String::new();
        let _ = Html.write_escaped_str(&mut out, text);
        out
    }

    fn markdown(text: &str) -> String {
        let mut out = String::new();
        let _ = Markdown.write_escaped_str(&mut out, text);
        out
    }

    #[test]
    fn html_has_no_markup_of_a_schema() {
        assert_eq!(html("<b a='x'>\"&\""), "&lt;b a=&#39;x&#39;&gt;&quot;&amp;&quot;");
        assert_eq!(html("é\u{1}\u{85}\r\n\u{FFFF}"), "é&#xFFFD;&#xFFFD;&#13;\n&#xFFFD;");
        assert_eq!(html("plain"), "plain");
    }

    #[test]
    fn markdown_has_no_markup_of_a_schema() {
        assert_eq!(markdown("a|b\nc\r\nd\n"), "a\\|b<br>c<br>d");
        assert_eq!(markdown("<b>&amp;"), "&lt;b&gt;&amp;amp;");
        assert_eq!(markdown("order_lines _x_ *y* `z`"), "order_lines \\_x\\_ \\*y\\* \\`z\\`");
        assert_eq!(markdown("# not a heading"), "\\# not a heading");
        assert_eq!(markdown("- x - y"), "\\- x - y");
        assert_eq!(markdown("[x](y) ![z](w)"), "\\[x\\](y) \\!\\[z\\](w)");
        assert_eq!(markdown("https://example.org @all $1$"), "https&#58;//example.org \\@all \\$1\\$");
    }

    #[test]
    fn code_cannot_end_its_block() {
        assert_eq!(fenced("sql", "SELECT 1\n"), "```sql\nSELECT 1\n```");
        assert_eq!(fenced("sql", "a ``` b"), "````sql\na ``` b\n````");
        assert_eq!(inline("a | b\nc"), "<code>a \\| b<br>c</code>");
    }
}
