// Package live serves a whole program over HTTP: streams, commands, pages and
// files, from one log.
//
//	func main() { os.Exit(live.Main(live.Program{Name: "notes", Version: version, New: newServer})) }
//
//	func newServer(_ context.Context, c live.Config) (*live.Server, error) {
//		srv, err := live.New(c.Log, c.Options(live.Options{Call: live.Anyone, Files: web.Files}))
//		if err != nil {
//			return nil, err
//		}
//		live.Serve(srv, notes.Lists, live.Everyone)
//		live.Handle(srv, notes.Write, (&service{log: c.Log}).write)
//		srv.Pages(page.Handler(srv))
//		return srv, nil
//	}
//
// [Main] is a whole program, with flags. A program with other flags calls [New]
// and [Server.Run]; one with its own mux and http.Server mounts
// [Server.Handler].
//
// # What is served
//
//	/events /poll /socket  the streams of package sse, by three transports
//	/commands/<name>       what [Handle] has registered, by package command
//	/web/                  Options.Files, by package assets
//	/robots.txt            keeps crawlers from the above
//	/                      the handler given to [Server.Pages]
//
// # Promises
//
//   - Access is denied by default: without Options.Follow no topic can be
//     followed but those of states, for which the rule given to [Serve] decides;
//     without Options.Call no command can be called.
//   - Options.Identify is called once for each request, and its result holds
//     for pages, streams, polls, sockets and the commands on them.
//   - A handler that panics is answered with 500, logged with its stack, and has
//     its line in the access log. [http.ErrAbortHandler] still cuts the answer.
//   - Pages are compressed for clients that accept it. Streams never are: a gzip
//     writer would cost each 800 KiB and hold frames back.
//   - Only pages of the server's own origin and of Options.Origins may send
//     commands, open sockets or read streams.
//   - The end is graceful, when Run's or Serve's ctx ends or on Shutdown:
//     readiness is withdrawn, no connection is accepted, each stream is sent
//     its bye, and requests under way finish. Only then the functions run by
//     [Server.Go] and the hub of the streams end, and are waited for. Run and
//     Serve allow 4 s for that, and then cut what is left.
//   - The log is the caller's: a Server does not close it. [Main] closes its own.
//   - A Server owns every goroutine that it starts, and starts none before its
//     first use by Handler, Serve, Run, Snapshot, CatchUp, Await or Subscribe.
//     Shutdown ends them.
//   - Several Servers may be in one process, also on one log.
package live
