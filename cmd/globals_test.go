package cmd

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"testing"
)

// state are the package variables that something does write, with the reason.
func state() map[string]string {
	return map[string]string{
		"main.go stamp": "the linker writes the version of a release there",
	}
}

// TestNoState finds init functions and package variables that are more than
// errors, patterns, embedded bytes and tables which nobody writes.
func TestNoState(t *testing.T) {
	state := state()
	for _, files := range sources(t) {
		writes := map[string]bool{}
		for _, f := range files {
			for name := range written(f) {
				writes[name] = true
			}
		}
		for path, f := range files {
			for name, problem := range stateful(f, writes) {
				key := filepath.ToSlash(path) + " " + name
				if _, ok := state[key]; ok {
					delete(state, key)
					continue
				}
				t.Errorf("%s: %s", key, problem)
			}
		}
	}
	for key := range state {
		t.Errorf("%s is no exception any more: take it out of state()", key)
	}
}

// sources are the parsed files of the module without tests, by directory and
// path.
func sources(t *testing.T) map[string]map[string]*ast.File {
	t.Helper()
	root := ".."
	out := map[string]map[string]*ast.File{}
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		if out[dir] == nil {
			out[dir] = map[string]*ast.File{}
		}
		name, err := filepath.Rel(root, path)
		out[dir][name] = f
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 10 {
		t.Fatalf("only %d packages found below %s", len(out), root)
	}
	return out
}

// stateful gives what of f is state, by name, with the problem.
func stateful(f *ast.File, writes map[string]bool) map[string]string {
	problems := map[string]string{}
	for _, decl := range f.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			problems["init"] = "work before main cannot be ordered, tested or left out"
		}
		vars, ok := decl.(*ast.GenDecl)
		if !ok || vars.Tok != token.VAR {
			continue
		}
		for _, spec := range vars.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				maps.Copy(problems, variables(v, embedded(vars, v), writes))
			}
		}
	}
	return problems
}

func embedded(d *ast.GenDecl, v *ast.ValueSpec) bool {
	for _, group := range []*ast.CommentGroup{d.Doc, v.Doc} {
		if group == nil {
			continue
		}
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:embed ") {
				return true
			}
		}
	}
	return false
}

func variables(v *ast.ValueSpec, embedded bool, writes map[string]bool) map[string]string {
	problems := map[string]string{}
	for i, name := range v.Names {
		switch {
		case name.Name == "_":
		case writes[name.Name]:
			problems[name.Name] = "a package variable that is written"
		case embedded, i < len(v.Values) && constant(v.Values[i]):
		default:
			problems[name.Name] = "a package variable that is neither error, pattern, table nor embedded"
		}
	}
	return problems
}

// constant says whether an expression is a value that only lacks the word
// const: a table, an error, a pattern or bytes.
func constant(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.CompositeLit:
		return true
	case *ast.CallExpr:
		switch fn := e.Fun.(type) {
		case *ast.ArrayType:
			return true // []byte("…")
		case *ast.SelectorExpr:
			name := fmt.Sprintf("%v.%s", fn.X, fn.Sel.Name)
			return name == "errors.New" || name == "regexp.MustCompile"
		}
	}
	return false
}

// written names the package variables that f assigns to, counts up or takes
// the address of; that of an element is taken to read it without a copy. Names that f declares inside a function are not among them.
func written(f *ast.File) map[string]bool {
	names := map[string]bool{}
	note := func(e ast.Expr) {
		if id := root(e); id != nil && (id.Obj == nil || f.Scope.Objects[id.Name] == id.Obj) {
			names[id.Name] = true
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					note(e)
				}
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.UnaryExpr:
			if id, ok := n.X.(*ast.Ident); ok && n.Op == token.AND {
				note(id)
			}
		}
		return true
	})
	return names
}

// root is the variable of a[i].b.c, or nil.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}
