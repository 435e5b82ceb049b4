package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	cloudPath   = "pixelctl/pkg/cloud"
	servicePath = "github.com/aws/aws-sdk-go-v2/service/"
)

// program is pkg/cloud and all below it, with types.
type program struct {
	info  *types.Info
	funcs map[*types.Func]*ast.FuncDecl
	decl  map[*types.Var]ast.Expr // what package variables are made of
	all   []*types.Package
}

// listed is a package as go list tells it.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
}

// load type-checks the code of the target from its source, so that one function
// is one object everywhere; all that it imports comes compiled.
func load(t *testing.T) *program {
	t.Helper()
	p := &program{
		info:  &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Types: map[ast.Expr]types.TypeAndValue{}},
		funcs: map[*types.Func]*ast.FuncDecl{}, decl: map[*types.Var]ast.Expr{},
	}
	files := token.NewFileSet()
	exports, checked := map[string]string{}, map[string]*types.Package{}
	compiled := importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	from := importFunc(func(path string) (*types.Package, error) {
		if own := checked[path]; own != nil {
			return own, nil
		}
		return compiled.Import(path)
	})
	for _, l := range list(t) { // dependencies come first
		exports[l.ImportPath] = l.Export
		if !strings.HasPrefix(l.ImportPath, cloudPath) || strings.HasPrefix(l.ImportPath, cloudPath+"/policy") {
			continue
		}
		var parsed []*ast.File
		for _, name := range l.GoFiles {
			f, err := parser.ParseFile(files, filepath.Join(l.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			parsed = append(parsed, f)
		}
		config := types.Config{Importer: from}
		pkg, err := config.Check(l.ImportPath, files, parsed, p.info)
		if err != nil {
			t.Fatal(err)
		}
		checked[l.ImportPath] = pkg
		p.all = append(p.all, pkg)
		p.collect(parsed)
	}
	return p
}

type importFunc func(path string) (*types.Package, error)

func (f importFunc) Import(path string) (*types.Package, error) { return f(path) }

func list(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles", cloudPath+"/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		err := d.Decode(&l)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
}

func (p *program) collect(parsed []*ast.File) {
	for _, f := range parsed {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if fn, ok := p.info.Defs[d.Name].(*types.Func); ok && d.Body != nil {
					p.funcs[fn] = d
				}
			case *ast.GenDecl:
				p.variables(d)
			}
		}
	}
}

func (p *program) variables(d *ast.GenDecl) {
	for _, s := range d.Specs {
		v, ok := s.(*ast.ValueSpec)
		if !ok || len(v.Values) != len(v.Names) {
			continue
		}
		for i, name := range v.Names {
			if obj, ok := p.info.Defs[name].(*types.Var); ok {
				p.decl[obj] = v.Values[i]
			}
		}
	}
}

// method finds a method or, with an empty receiver, a function.
func (p *program) method(t *testing.T, path, receiver, name string) *types.Func {
	t.Helper()
	for fn := range p.funcs {
		if fn.Pkg().Path() == path && fn.Name() == name && receiverOf(fn) == receiver {
			return fn
		}
	}
	t.Fatalf("%s has no %s.%s", path, receiver, name)
	return nil
}

func receiverOf(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return ""
	}
	if n := named(recv.Type()); n != nil {
		return n.Obj().Name()
	}
	return ""
}

func named(t types.Type) *types.Named {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// reached are the operations that a function may call: what it names, it may
// call, and so may what that names. A call through an interface may reach every
// method of the target's code that fits.
func (p *program) reached(from ...*types.Func) map[string]bool {
	operations, seen := map[string]bool{}, map[types.Object]bool{}
	var visit func(types.Object)
	walk := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && p.info.Uses[id] != nil {
				visit(p.info.Uses[id])
			}
			return true
		})
	}
	visit = func(o types.Object) {
		if seen[o] {
			return
		}
		seen[o] = true
		switch o := o.(type) {
		case *types.Var:
			if made := p.decl[o]; made != nil {
				walk(made)
			}
		case *types.Func:
			o = o.Origin()
			if op := operation(o); op != "" {
				operations[op] = true
			}
			if d := p.funcs[o]; d != nil {
				walk(d.Body)
			}
			for _, m := range p.fitting(o) {
				visit(m)
			}
		}
	}
	for _, fn := range from {
		visit(fn)
	}
	return operations
}

// fitting are the methods that a call of an interface's method may reach.
func (p *program) fitting(fn *types.Func) []*types.Func {
	recv := fn.Signature().Recv()
	if recv == nil || !types.IsInterface(recv.Type()) {
		return nil
	}
	face, ok := recv.Type().Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	var all []*types.Func
	for m := range p.funcs {
		r := m.Signature().Recv()
		if r != nil && m.Name() == fn.Name() && (types.Implements(r.Type(), face) || types.Implements(types.NewPointer(r.Type()), face)) {
			all = append(all, m)
		}
	}
	return all
}

// operation is the SDK operation that a function is, such as
// s3:ListObjectsV2: a method that takes its input, of a client or of a small
// interface in its place, or the maker of its paginator or waiter.
func operation(fn *types.Func) string {
	if pkg := fn.Pkg(); pkg != nil && strings.HasPrefix(pkg.Path(), servicePath) && fn.Signature().Recv() == nil {
		for _, kind := range []string{"Paginator", "Waiter"} {
			if name, ok := strings.CutSuffix(fn.Name(), kind); ok && strings.HasPrefix(name, "New") {
				return service(pkg.Path()) + ":" + strings.TrimPrefix(name, "New")
			}
		}
	}
	params := fn.Signature().Params()
	if fn.Signature().Recv() == nil || params.Len() < 2 {
		return ""
	}
	n := named(params.At(1).Type())
	if n == nil || n.Obj().Pkg() == nil || !strings.HasPrefix(n.Obj().Pkg().Path(), servicePath) || n.Obj().Name() != fn.Name()+"Input" {
		return ""
	}
	return service(n.Obj().Pkg().Path()) + ":" + fn.Name()
}

// service is the IAM prefix of an SDK package.
func service(path string) string {
	name := strings.TrimPrefix(path, servicePath)
	if prefix, differs := map[string]string{"apigatewayv2": "apigateway", "cloudwatchlogs": "logs"}[name]; differs {
		return prefix
	}
	return name
}
