package ops

import (
	"fmt"
	"strconv"
	"time"
)

// count writes a number with spaces between its thousands.
func count(n any) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	return digits
}

// size writes a number of bytes.
func size(n any) string {
	v, _ := strconv.ParseFloat(fmt.Sprint(n), 64) // it is a number
	unit := 0
	for units := []string{"B", "KiB", "MiB", "GiB", "TiB"}; ; unit++ {
		if v < 1024 || unit == len(units)-1 {
			format := "%.1f\u00a0%s"
			if unit == 0 || v >= 100 {
				format = "%.0f\u00a0%s"
			}
			return fmt.Sprintf(format, v, units[unit])
		}
		v /= 1024
	}
}

// ago writes a duration in its two largest units.
func ago(d time.Duration) string {
	for _, u := range []struct {
		of           time.Duration
		large, small string
		each         time.Duration
	}{{24 * time.Hour, "d", "h", time.Hour}, {time.Hour, "h", "min", time.Minute}, {time.Minute, "min", "s", time.Second}} {
		if d >= u.of {
			text := fmt.Sprintf("%d\u00a0%s", d/u.of, u.large)
			if rest := d % u.of / u.each; rest > 0 {
				text += fmt.Sprintf(" %d\u00a0%s", rest, u.small)
			}
			return text
		}
	}
	if d < 10*time.Second && d%time.Second != 0 {
		return fmt.Sprintf("%.1f\u00a0s", d.Seconds())
	}
	return fmt.Sprintf("%d\u00a0s", d/time.Second)
}

// clock writes a moment in UTC.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") + " UTC" }
