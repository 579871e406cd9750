vcl 4.1;

backend default {
	.host = "127.0.0.1";
	.port = "8000";
}

sub vcl_recv {
	if (req.url ~ "^/app/(events|socket)") {
		return (pipe);
	}
	if (req.url ~ "^/app/(poll|commands/|state)") {
		return (pass);
	}
}

sub vcl_pipe {
	if (req.http.upgrade) {
		set bereq.http.upgrade = req.http.upgrade;
		set bereq.http.connection = req.http.connection;
	}
}
