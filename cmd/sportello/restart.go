package main

import (
	"reflect"
	"slices"
	"strings"
)

// reloaded are the tables and keys that a reload puts in force; those of
// secrets are read at every use. All others hold from start to stop.
var reloaded = []string{"closures", "saturday_working", "templates", "letters", "time_zone",
	"trust.roots", "trust.index", "trust.index_signers", "trust.crl", "trust.sha1"}

// wantsRestart names what differs between the configuration that the daemon
// was started with and one read now, and is not put in force by a reload.
func (c *Config) wantsRestart(now *Config) (keys []string) {
	differing(reflect.ValueOf(*c), reflect.ValueOf(*now), "", &keys)
	return slices.DeleteFunc(keys, func(key string) bool {
		return slices.ContainsFunc(reloaded, func(r string) bool { return key == r || strings.HasPrefix(key, r+".") })
	})
}

// differing appends the keys of two tables that are not equal.
func differing(a, b reflect.Value, table string, keys *[]string) {
	for i := range a.NumField() {
		name, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("toml"), ",")
		switch {
		case name == "" || name == "-" || reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()):
		case a.Field(i).Kind() == reflect.Struct && a.Field(i).Field(0).CanInterface() && a.Field(i).Type().Field(0).Tag.Get("toml") != "":
			differing(a.Field(i), b.Field(i), table+name+".", keys)
		default:
			*keys = append(*keys, table+name)
		}
	}
}
