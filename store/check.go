package store

func (s *Store) quickCheck() error { return nil }
