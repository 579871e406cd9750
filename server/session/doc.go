// Package session signs users in by a cookie: signed, with an expiry, with keys that
// can be rotated, and with a sign-out that reaches every device of a user.
//
//	sessions, err := session.New(session.Options{Keys: keys})
//	srv, err := live.New(log, live.Options{Identify: sessions.Identify})
//	sessions.Keep(log, live.Serve(srv, session.Users, nil), srv.Revoke)
//
//	err = sessions.SignIn(w, r, "ann")          // after checking a password: see CheckPassword
//	sessions.SignOut(w, r)                      // on this device
//	err = sessions.SignOutEverywhere(ctx, "ann")
//
// # Promises
//
//   - The cookie is the session: a server stores nothing for a user who signs in, and
//     every node with one of the keys knows the user. It is signed (HMAC-SHA256) and not
//     encrypted: the user can read their own name in it.
//   - The first key signs and all of them verify. Rotation: put a new key first, on all
//     nodes; remove the old one when Options.MaxAge has passed, or at once to end all of
//     its sessions.
//   - A session ends MaxAge after its sign-in. The streams, polls and sockets that it has
//     opened end then, within a second: see [access.Until].
//   - A cookie that is forged, expired or signed with another key is no identity, and no
//     error: the user is anonymous.
//   - The cookie is HttpOnly and SameSite=Lax. Over HTTPS it is Secure, and its name begins
//     with __Host-, so that no other host can set it; below a path, with __Secure-. HTTPS
//     is what [httpd.Secure] reports, also behind a trusted proxy.
//   - All cookies of the name are tried, and the first that is valid decides: a cookie
//     that a sibling host has set, for the whole domain, signs out no user.
//   - SignIn replaces the cookie, so that a cookie which an attacker has planted before is
//     not the user's session.
//   - SignOut removes the cookie in one browser, and what pages of package app/live have kept
//     there: drafts, texts of forms, mutations that were not sent. So does SignIn in the place
//     of another user's session. A copy of it stays valid: a user who fears
//     one signs out everywhere.
//   - SignOutEverywhere ends all sessions of a user that began before: on this node when it
//     returns, and on the others as soon as they have read it in the log; their open
//     streams within 1 s here, 10 s there. It needs [Sessions.Keep].
package session
