package tabs

// A role is what a member is in its group: see the package doc.
type role uint8

const (
	following role = iota
	inheriting
	alone
	leading
	retired
)

// follows reports whether the member takes what a leader posts.
func (r role) follows() bool { return r <= inheriting }

// leads reports whether the member has the connection of the group.
func (r role) leads() bool { return r == alone || r == leading }

// A leadership is what a member knows of the leader: see the package doc.
type leadership uint8

const (
	led leadership = iota
	asked
	vacant
	called
)

// isVacant reports whether no tab leads, as far as is known.
func (l leadership) isVacant() bool { return l >= vacant }

// isAsked reports whether the leader, or the group, has been asked in vain so far.
func (l leadership) isAsked() bool { return l == asked || l == called }

// ask returns what is known after the group was asked for its leader.
func (l leadership) ask() leadership {
	if l.isVacant() {
		return called
	}
	return asked
}

// A standing is what a member knows of where the leader's stream is: see the
// package doc.
type standing uint8

const (
	unknown standing = iota
	inquired
	answered
	joined
)

// A link is the state of a member's own connection: see the package doc.
type link uint8

const (
	none link = iota
	dialed
	greeted
)
