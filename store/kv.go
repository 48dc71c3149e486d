package store

import (
	"bytes"
	"fmt"
)

// Small buckets that the desk keeps by name; their values are its own.
const (
	Users   = "users"
	Budgets = "budgets"
	Alerts  = "alerts"
	Desk    = "desk"
)

// kv is the small bucket of a name.
func kv(name string) (bucket, error) {
	for n := bUsers; n < nBuckets; n++ {
		if bucketNames[n] == name {
			return n, nil
		}
	}
	return 0, fmt.Errorf("bucket %q: %w", name, ErrNotFound)
}

// Get returns a copy of a value of a small bucket, nil if there is none.
func (tx *Tx) Get(bucket, key string) ([]byte, error) {
	n, err := kv(bucket)
	if err != nil {
		return nil, err
	}
	return bytes.Clone(tx.get(n, []byte(key))), nil
}

// Put stores a value in a small bucket; nil removes it.
func (tx *Tx) Put(bucket, key string, value []byte) error {
	n, err := kv(bucket)
	if err != nil {
		return err
	}
	if value == nil {
		return tx.del(n, []byte(key))
	}
	return tx.put(n, []byte(key), value)
}

// Each calls fn with copies of every key and value of a small bucket, in order.
func (tx *Tx) Each(bucket string, fn func(key string, value []byte) error) error {
	n, err := kv(bucket)
	if err != nil {
		return err
	}
	return tx.b(n).ForEach(func(k, v []byte) error { return fn(string(k), bytes.Clone(v)) })
}

// EachOf is Each for the keys with a prefix, until fn returns false.
func (tx *Tx) EachOf(bucket, prefix string, fn func(key string, value []byte) (more bool, err error)) error {
	n, err := kv(bucket)
	if err != nil {
		return err
	}
	c := tx.b(n).Cursor()
	for k, v := c.Seek([]byte(prefix)); k != nil && bytes.HasPrefix(k, []byte(prefix)); k, v = c.Next() {
		if more, err := fn(string(k), bytes.Clone(v)); err != nil || !more {
			return err
		}
	}
	return nil
}
