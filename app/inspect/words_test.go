package inspect

import (
	"reflect"
	"testing"
)

func TestEnglishHasAllWords(t *testing.T) {
	v := reflect.ValueOf(English)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("it has no %s", v.Type().Field(i).Name)
		}
	}
}
