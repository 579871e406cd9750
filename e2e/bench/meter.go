package main

import (
	"time"

	"github.com/seawaykit/seaway/e2e/bench/process"
)

// A meter reads the accounts of both sides at its start and when its figures
// are entered.
type meter struct {
	trial  *trial
	begin  time.Time
	server process.Usage
	client process.Usage
}

func (t *trial) meter() (m meter, err error) {
	m = meter{trial: t, begin: time.Now()}
	if m.server, err = t.server.Usage(); err != nil {
		return m, err
	}
	m.client, err = process.Own()
	return m, err
}

// enter writes down what has happened since the meter was made.
func (m meter) enter(r *result) error {
	server, err := m.trial.server.Usage()
	if err != nil {
		return err
	}
	client, err := process.Own()
	if err != nil {
		return err
	}
	c := m.trial.fleet.Counts()
	cpu := server.CPU - m.server.CPU
	took := c.Last.Sub(m.begin)
	r.Deliveries, r.Repeated, r.Late, r.Ended = c.Delivered, c.Repeated, c.Late, c.Ended
	whole := time.Since(m.begin).Seconds()
	r.Cores, r.ClientCores = cpu.Seconds()/whole, (client.CPU-m.client.CPU).Seconds()/whole
	r.P50, r.P99 = milliseconds(c.Served.Quantile(0.5)), milliseconds(c.Served.Quantile(0.99))
	r.Max, r.DueP99 = milliseconds(c.Served.Max()), milliseconds(c.Overdue.Quantile(0.99))
	if c.Delivered == 0 {
		return nil
	}
	n := time.Duration(c.Delivered)
	r.PerSecond = float64(n) / took.Seconds()
	r.CPU = microseconds(cpu) / float64(n)
	r.Net = max(0, microseconds(cpu-m.trial.perEvent*time.Duration(r.Published))/float64(n))
	r.ClientCPU = microseconds(client.CPU-m.client.CPU) / float64(n)
	return nil
}
