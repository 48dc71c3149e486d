package console

import (
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"sportello/rules"
)

// apiSchema answers the routes as OpenAPI 3.1, with schemas made of the very
// types that are sent and read.
func (c *Console) apiSchema(w http.ResponseWriter, _ *http.Request) { reply(w, openAPI(c.routes())) }

type object = map[string]any

func openAPI(routes []route) object {
	s := &schemas{made: object{}}
	paths := map[string]object{}
	for _, r := range routes {
		if paths[r.Path] == nil {
			paths[r.Path] = object{}
		}
		paths[r.Path][strings.ToLower(r.Method)] = s.operation(r)
	}
	return object{
		"openapi": "3.1.0",
		"info": object{"title": "Sportello", "version": "1", "description": "The desk's JSON API: the same handlers answer the browser, the command line and scripts. " +
			"Instants are RFC 3339. The author of an act is who is authenticated."},
		"paths":    paths,
		"security": []object{{"token": []string{}}},
		"components": object{"schemas": s.made, "securitySchemes": object{
			"token": object{"type": "http", "scheme": "bearer", "description": "made on the page /me; it has its owner's role, and lasts a year"}}},
	}
}

var pathParam = regexp.MustCompile(`\{(\w+)\}`)

func (s *schemas) operation(r route) object {
	params := []object{}
	for _, m := range pathParam.FindAllStringSubmatch(r.Path, -1) {
		params = append(params, object{"name": m[1], "in": "path", "required": true, "schema": object{"type": "string"}})
	}
	for _, p := range r.Query {
		params = append(params, object{"name": p.Name, "in": "query", "description": p.What, "schema": object{"type": "string"}})
	}
	media := r.Media
	if media == "" {
		media = "application/json"
	}
	content := object{}
	switch {
	case r.Answer != nil:
		content[media] = object{"schema": s.of(reflect.TypeOf(r.Answer))}
	default:
		content[media] = object{}
	}
	wrong := object{"description": "what is wrong, and what to do", "content": object{"application/json": object{"schema": s.of(reflect.TypeFor[errorAnswer]())}}}
	op := object{"summary": r.What, "x-role": r.Role, "parameters": params,
		"responses": object{"200": object{"description": "done", "content": content}, "default": wrong}}
	if r.Body != nil {
		op["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": s.of(reflect.TypeOf(r.Body))}}}
	}
	return op
}

// schemas makes the JSON Schema of Go types as encoding/json writes them.
type schemas struct{ made object }

// enums are the types that are one of a few words; "" stands for none yet.
var enums = map[reflect.Type][]string{
	reflect.TypeFor[rules.State]():   codes(rules.States),
	reflect.TypeFor[rules.Outcome](): append([]string{""}, codes(rules.Outcomes)...),
	reflect.TypeFor[rules.Reason]():  append([]string{""}, codes(rules.AllReasons)...),
	reflect.TypeFor[Role]():          codes(Roles),
}

func codes[T ~string](in []T) (out []string) {
	for _, v := range in {
		out = append(out, string(v))
	}
	return out
}

func (s *schemas) of(t reflect.Type) object {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[[]byte]():
		return object{"type": "string", "contentEncoding": "base64"}
	case enums[t] != nil:
		return object{"type": "string", "enum": enums[t]}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Struct:
		return s.structure(t)
	case reflect.Slice:
		return object{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Float64:
		return object{"type": "number"}
	}
	return object{"type": "integer"}
}

// structure is a reference to the schema of a struct, made when first met.
func (s *schemas) structure(t reflect.Type) object {
	name := strings.ToUpper(t.Name()[:1]) + t.Name()[1:]
	ref := object{"$ref": "#/components/schemas/" + name}
	if s.made[name] != nil {
		return ref
	}
	props, required := object{}, []string{}
	s.made[name] = object{"type": "object", "additionalProperties": false, "properties": props}
	s.fields(t, props, &required)
	if len(required) > 0 {
		slices.Sort(required)
		s.made[name].(object)["required"] = required
	}
	return ref
}

func (s *schemas) fields(t reflect.Type, props object, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, opts, _ := strings.Cut(tag, ",")
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
			continue
		case f.Anonymous && tag == "":
			s.fields(f.Type, props, required)
			continue
		case name == "":
			name = f.Name
		}
		optional := strings.Contains(opts, "omitempty") || strings.Contains(opts, "omitzero")
		x := s.of(f.Type)
		if k := f.Type.Kind(); !optional {
			*required = append(*required, name)
			if k == reflect.Pointer || k == reflect.Map || k == reflect.Slice {
				x = object{"anyOf": []object{x, {"type": "null"}}}
			}
		}
		props[name] = x
	}
}
