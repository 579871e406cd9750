package main

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"
)

// label gives the cells of tables the heading of their column, which a phone shows before
// them: its rows are too narrow to be rows.
func label(root ast.Node, source []byte) {
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		table, ok := n.(*tables.Table)
		if !ok {
			continue
		}
		var of []string
		for cell := table.FirstChild().FirstChild(); cell != nil; cell = cell.NextSibling() {
			of = append(of, strings.TrimSuffix(plain(cell, source), ":"))
		}
		for row := table.FirstChild().NextSibling(); row != nil; row = row.NextSibling() {
			labelRow(row, of)
		}
	}
}

// labelRow labels all cells of a row but the first, which is what the row is about.
func labelRow(row ast.Node, of []string) {
	column := 0
	for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
		if column > 0 && of[column] != "" && cell.ChildCount() > 0 {
			cell.SetAttributeString("data-of", []byte(of[column]))
		}
		column++
	}
}
