package transports_test

import (
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/sample/transports"
)

const token = "0123456789abcDEF"

func TestTransportsAreReadAsTheyAreWritten(t *testing.T) {
	for _, kind := range transports.Kinds {
		gotToken, gotKind, ok := transports.ParseTransportID(transports.TransportID(token, kind))
		if gotToken != token || gotKind != kind || !ok {
			t.Errorf("%s is read as %q, %q, %v", kind, gotToken, gotKind, ok)
		}
	}
}

func TestParseTransportIDRefusesOtherTexts(t *testing.T) {
	for _, s := range []string{"", "-", "poll", token, token + "-", token + "-smoke", token + "-poll-poll", "-poll", "short-poll", strings.Repeat("a", transports.MaxToken+1) + "-poll", strings.Repeat("ä", 10) + "-poll", token + " -poll"} {
		if token, kind, ok := transports.ParseTransportID(s); ok {
			t.Errorf("%q is read as %q, %q", s, token, kind)
		}
	}
}
