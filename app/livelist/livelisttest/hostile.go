package livelisttest

import "strings"

// Hostile are texts that have broken pages. A page must show each as plain text,
// pre-rendered and live, in text nodes and in attributes: without elements of it,
// scripts run or other elements changed.
//
// All are valid UTF-8, as JSON gives it. Two kinds do not survive pre-rendering
// unchanged, however they are escaped, because the browser's parser drops or
// changes them: NUL and the carriage return. livelist.Text and goapp.Attr draw
// both the same on server and browser.
var Hostile = []string{
	// Markup.
	`<script>window.hacked=1</script>`,
	`<img src=x onerror="window.hacked=1">`,
	`<svg/onload=window.hacked=1>`,
	`<iframe srcdoc="<script>parent.hacked=1</script>">`,
	`<style>*{display:none}</style>`,
	`<b>bold</b><i>`,
	`</p></article></div></section></body></html>`,
	`<!-- a comment that nobody ends`,
	`<!--<script>`,
	`<![CDATA[x]]>`,
	`<?php echo 1 ?>`,
	`&lt;script&gt; &amp;amp; &#60;b&#62; &nbsp;`,

	// What ends an attribute, or the element that carries the data.
	`"><img src=x onerror="window.hacked=1">`,
	`' onmouseover='window.hacked=1`,
	`" autofocus onfocus="window.hacked=1`,
	"` onclick=window.hacked=1 `",
	`</script><script>window.hacked=1</script>`,
	`</textarea></title></style>`,
	`back\slash \n \u0022 \`,
	`true`,
	`=`,

	// Addresses and templates.
	`javascript:window.hacked=1`,
	`data:text/html,<script>parent.hacked=1</script>`,
	`{{constructor.constructor('window.hacked=1')()}} ${window.hacked=1} %s %d %!`,

	// Direction: overrides, embeddings and isolates that are never closed.
	"\u202eevil\u202e txt.exe",
	"\u2066\u2067\u2068isolated",
	"\u202a\u202b\u202dembedded",
	"\u200f\u05e9\u05dc\u05d5\u05dd abc 123",

	// What is not seen.
	"\u200b\u200c\u200d\u2060\ufeff",
	"a\u200bb\u00adc",
	"\u00a0 \u2003 \u3000",
	"\U000e0041\U000e0042\U000e007f",

	// Controls and what UTF-16 left behind.
	"nul\x00nul",
	"bell\x07 escape\x1b[31m delete\x7f",
	"next\u0085line \u2028 line \u2029 paragraph",
	"tab\tline\nreturn\r\nalone\r",
	"\n leading",
	"a surrogate that had no other: \ufffd",
	"\ufffe\uffff\U0001ffff",

	// Long, high and wide.
	strings.Repeat("\U0001F6A2", 4000),
	strings.Repeat("W", 4000),
	strings.Repeat("\u0e49", 200) + "Z" + strings.Repeat("\u0300\u0336\u0489", 300),
	strings.Repeat("\n", 500),
	strings.Repeat("\U0001F468\u200d\U0001F469\u200d\U0001F467", 300),
	"\ufdfd \u0bf5 \U0001242b",
	"",
	" ",
}
