package rules

import "slices"

// passing are the steps after which a mailbox is as good as before: reading
// only is given back, a notice changes nothing. What any other step did lasts.
var passing = []string{stepReadOnly, stepRestore, "backup-notice"}

// Lasts reports whether what a step does cannot be taken back.
func Lasts(do string) bool { return !slices.Contains(passing, do) }

// Lasting reports whether a step of the case was done that cannot be taken back:
// no letter may say then that nothing was done.
func (c *Case) Lasting() bool {
	return slices.ContainsFunc(c.Steps, func(s StepRun) bool { return s.State == StepOver && Lasts(s.Do) })
}

// did reports whether a step of a word was done.
func (c *Case) did(do string) bool {
	return slices.ContainsFunc(c.Steps, func(s StepRun) bool { return s.State == StepOver && s.Do == do })
}

// onlyRead is the step that made the mailbox read-only, where it still is: nil
// when it was given back, or closed.
func (c *Case) onlyRead() (last *StepRun) {
	for i := range c.Steps {
		switch s := &c.Steps[i]; {
		case s.State != StepOver:
		case s.Do == stepReadOnly:
			last = s
		case s.Do == stepRestore || s.Do == stepClose:
			last = nil
		}
	}
	return last
}

// giveBack are the steps of a case that ends otherwise than by its closing: a
// mailbox that can only be read is given back to its holder.
func (c *Case) giveBack() []Step {
	if s := c.onlyRead(); s != nil {
		return []Step{{Do: stepRestore, After: "0 hours", Of: s.Of}}
	}
	return nil
}

// givesBack reports whether the mailbox is being given back, or was since it
// could last only be read.
func (c *Case) givesBack() (yes bool) {
	for i := range c.Steps {
		switch s := &c.Steps[i]; {
		case s.Do == stepRestore:
			yes = true
		case s.Do == stepReadOnly && s.State == StepOver:
			yes = false
		}
	}
	return yes
}

// Runs reports whether a step of the case is carried out in the state it is in.
// In an accepted case all are; in one that ended otherwise only what gives the
// mailbox back.
func (c *Case) Runs(s StepRun) bool {
	switch c.State {
	case Accepted:
		return true
	case Rejected, Answered, Withdrawn:
		return s.Do == stepRestore
	}
	return false
}

// Stopped reports whether a step that is still planned will not be carried out
// in the state the case is in.
func (c *Case) Stopped(s StepRun) bool {
	switch s.State {
	case StepPlanned, StepDue:
		return !c.Runs(s)
	case StepWithHuman:
		return !c.Doable(s)
	}
	return false
}

// Task is the step that waits for a person to carry it out, nil if none does.
func (c *Case) Task() *StepRun {
	for i := range c.Steps {
		if s := &c.Steps[i]; s.State == StepWithHuman && c.Runs(*s) {
			return s
		}
	}
	return nil
}

// owesStep is the first step that is still to be carried out, nil if none is.
func (c *Case) owesStep() *StepRun {
	for i := range c.Steps {
		if c.Steps[i].State != StepOver {
			return &c.Steps[i]
		}
	}
	return nil
}

// superseded is the last letter of acceptance that went out: the one that
// another outcome takes back. nil when the customer was never told.
func (c *Case) superseded() *Letter {
	if c.Outcome == Accept {
		return nil
	}
	for i := len(c.Letters) - 1; i >= 0; i-- {
		if l := &c.Letters[i]; l.Name == "accolta" && !l.wentAt().IsZero() && l.State != Failed {
			return l
		}
	}
	return nil
}
