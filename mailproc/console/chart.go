package console

import (
	"fmt"
)

// chart is a picture made of rectangles; the template draws it as SVG and the
// style sheet colours it, so that it follows light and dark.
type chart struct {
	Width, Height int
	Title         string
	Bars          []bar
	Lines         []gridLine
	Labels        []label
	Empty         bool
}

type bar struct {
	X, Y, W, H float64
	Class      string
	Title      string // what a pointer, or a reader of the screen, is told
}

type gridLine struct {
	X1, Y1, X2, Y2 float64
	Class          string
}

type label struct {
	X, Y   float64
	Text   string
	Anchor string
}

const (
	chartWidth  = 720
	chartHeight = 220
	chartLeft   = 36
	chartFoot   = 26
	chartTop    = 10
)

// scale is a round number a little above the highest value, in four steps.
func scale(most int) int {
	for _, unit := range []int{1, 10, 100, 1000, 10000, 100000} {
		for _, step := range []int{1, 2, 5} {
			if 4*step*unit >= most {
				return 4 * step * unit
			}
		}
	}
	return most
}

// frame draws the grid and gives the height of a value.
func (c *chart) frame(most int) func(n int) float64 {
	top := scale(max(most, 1))
	inner := float64(chartHeight - chartFoot - chartTop)
	y := func(n int) float64 { return inner * float64(n) / float64(top) }
	for i := range 5 {
		n := top * i / 4
		at := float64(chartHeight-chartFoot) - y(n)
		c.Lines = append(c.Lines, gridLine{chartLeft, at, chartWidth, at, "grid"})
		c.Labels = append(c.Labels, label{chartLeft - 6, at + 4, fmt.Sprint(n), "end"})
	}
	return y
}

// daysChart stacks the requests of each day by who decided them.
func (f *formatter) daysChart(s *Statistics) chart {
	c := chart{Width: chartWidth, Height: chartHeight, Title: f.t("stats.per-day"), Empty: s.Total == 0}
	most := 0
	for _, d := range s.PerDay {
		most = max(most, d.Total())
	}
	y := c.frame(most)
	slot := float64(chartWidth-chartLeft) / float64(len(s.PerDay))
	for i, d := range s.PerDay {
		x, base := chartLeft+slot*float64(i), float64(chartHeight-chartFoot)
		for _, part := range []struct {
			n          int
			class, key string
		}{{d.Alone, "alone", "stats.alone"}, {d.People, "people", "stats.people"}, {d.Open, "open", "stats.open"}} {
			if part.n == 0 {
				continue
			}
			h := y(part.n)
			base -= h
			c.Bars = append(c.Bars, bar{x + slot*0.12, base, slot * 0.76, h, part.class,
				fmt.Sprintf("%s: %d %s", d.Day, part.n, f.t(part.key))})
		}
		if every := max(1, (len(s.PerDay)+7)/8); i%every == 0 {
			c.Labels = append(c.Labels, label{x + slot/2, chartHeight - 8, fmt.Sprintf("%d/%d", d.Day.Day, int(d.Day.Month)), "middle"})
		}
	}
	return c
}

// answersChart shows on which working day answers went out, and how many of
// them broke the promise: each procedure has its own term.
func (f *formatter) answersChart(s *Statistics) chart {
	c := chart{Width: chartWidth, Height: chartHeight, Title: f.t("stats.answers"), Empty: len(s.Answers) == 0 || s.Kept+s.Late == 0}
	most := 0
	for _, a := range s.Answers {
		most = max(most, a.N)
	}
	y := c.frame(most)
	slot := float64(chartWidth-chartLeft) / float64(len(s.Answers))
	for i, a := range s.Answers {
		name := f.t("stats.day-n", a.Days)
		switch {
		case a.Days == 0:
			name = f.t("stats.same-day")
		case a.Days == lastBucket:
			name = f.t("stats.day-more", a.Days)
		}
		x, base := chartLeft+slot*float64(i), float64(chartHeight-chartFoot)
		for _, part := range []struct {
			n          int
			class, key string
		}{{a.N - a.Late, "good", "stats.in-time"}, {a.Late, "late", "stats.promise"}} {
			if part.n == 0 {
				continue
			}
			h := y(part.n)
			base -= h
			c.Bars = append(c.Bars, bar{x + slot*0.2, base, slot * 0.6, h, part.class, fmt.Sprintf("%s: %d %s", name, part.n, f.t(part.key))})
		}
		c.Labels = append(c.Labels, label{x + slot/2, chartHeight - 8, name, "middle"})
	}
	return c
}

// reasonsChart lists the reasons of refusal, the most frequent first.
func (f *formatter) reasonsChart(s *Statistics) chart {
	const row, left = 28, 300
	list := s.Reasons[:min(len(s.Reasons), 10)]
	c := chart{Width: chartWidth, Height: row*len(list) + 4, Title: f.t("stats.reasons"), Empty: len(list) == 0}
	most := 1
	for _, r := range list {
		most = max(most, r.N)
	}
	for i, r := range list {
		y := float64(row*i + 4)
		name := f.word("reason", r.Reason)
		w := float64(chartWidth-left-50) * float64(r.N) / float64(most)
		c.Bars = append(c.Bars, bar{left, y, w, row - 8, "late", fmt.Sprintf("%s: %d", name, r.N)})
		if long := []rune(name); len(long) > 44 {
			name = string(long[:43]) + "…"
		}
		c.Labels = append(c.Labels, label{left - 8, y + 15, name, "end"}, label{left + w + 6, y + 15, f.num(r.N), "start"})
	}
	return c
}
