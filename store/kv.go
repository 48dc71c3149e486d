package store

import (
	"bytes"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// Small buckets that the desk keeps by name; their values are its own.
const (
	Users   = "users"
	Budgets = "budgets"
	Alerts  = "alerts"
	Desk    = "desk"
)

var kvBuckets = []string{Users, Budgets, Alerts, Desk}

func (tx *Tx) kv(name string) (b interface {
	Get(k []byte) []byte
	Put(k, v []byte) error
	Delete(k []byte) error
	ForEach(func(k, v []byte) error) error
	Cursor() *bolt.Cursor
}, err error) {
	if !slices.Contains(kvBuckets, name) {
		return nil, fmt.Errorf("bucket %q: %w", name, ErrNotFound)
	}
	return tx.btx.Bucket([]byte(name)), nil
}

// Get returns a copy of a value of a small bucket, nil if there is none.
func (tx *Tx) Get(bucket, key string) ([]byte, error) {
	b, err := tx.kv(bucket)
	if err != nil {
		return nil, err
	}
	return bytes.Clone(b.Get([]byte(key))), nil
}

// Put stores a value in a small bucket; nil removes it.
func (tx *Tx) Put(bucket, key string, value []byte) error {
	b, err := tx.kv(bucket)
	if err != nil {
		return err
	}
	if value == nil {
		return b.Delete([]byte(key))
	}
	return b.Put([]byte(key), value)
}

// Each calls fn with copies of every key and value of a small bucket, in order.
func (tx *Tx) Each(bucket string, fn func(key string, value []byte) error) error {
	b, err := tx.kv(bucket)
	if err != nil {
		return err
	}
	return b.ForEach(func(k, v []byte) error { return fn(string(k), bytes.Clone(v)) })
}

// EachOf is Each for the keys with a prefix, until fn returns false.
func (tx *Tx) EachOf(bucket, prefix string, fn func(key string, value []byte) (more bool, err error)) error {
	b, err := tx.kv(bucket)
	if err != nil {
		return err
	}
	c := b.Cursor()
	for k, v := c.Seek([]byte(prefix)); k != nil && bytes.HasPrefix(k, []byte(prefix)); k, v = c.Next() {
		if more, err := fn(string(k), bytes.Clone(v)); err != nil || !more {
			return err
		}
	}
	return nil
}
