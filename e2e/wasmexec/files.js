"use strict";

// A file system in memory, empty at first. A browser has none, but package
// testing sends an example's output through a temporary file, and looks for a
// fuzz target's corpus in a directory, which must be missing rather than an
// impossible thing to ask for.
(() => {
  const contents = new Map(); // by path, of Uint8Array
  const opened = new Map();   // by descriptor, of {path, at}
  let descriptor = 100;       // far from the standard ones

  Object.assign(fs.constants, {
    O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_EXCL: 128, O_TRUNC: 512, O_APPEND: 1024, O_DIRECTORY: 65536,
  });

  const failure = code => Object.assign(new Error(code), {code});

  fs.open = (path, flags, mode, done) => {
    const {O_CREAT, O_EXCL, O_TRUNC} = fs.constants;
    if (!contents.has(path) && !(flags & O_CREAT)) return done(failure("ENOENT"));
    if (contents.has(path) && flags & O_EXCL) return done(failure("EEXIST"));
    if (!contents.has(path) || flags & O_TRUNC) contents.set(path, new Uint8Array());
    opened.set(++descriptor, {path, at: 0});
    done(null, descriptor);
  };

  fs.read = (fd, buf, offset, length, position, done) => {
    const file = opened.get(fd);
    if (!file) return done(failure("EBADF"));
    const start = position ?? file.at;
    const part = contents.get(file.path).subarray(start, start + length);
    buf.set(part, offset);
    if (position === null) file.at += part.length;
    done(null, part.length);
  };

  const writeStandard = fs.write.bind(fs);
  fs.write = (fd, buf, offset, length, position, done) => {
    const file = opened.get(fd);
    if (!file) return writeStandard(fd, buf, offset, length, position, done);
    const start = position ?? file.at;
    const old = contents.get(file.path);
    const all = new Uint8Array(Math.max(old.length, start + length));
    all.set(old);
    all.set(buf.subarray(offset, offset + length), start);
    contents.set(file.path, all);
    if (position === null) file.at += length;
    done(null, length);
  };

  fs.close = (fd, done) => done(opened.delete(fd) ? null : failure("EBADF"));

  // An open file is not unlinked here: nobody does that.
  fs.unlink = (path, done) => done(contents.delete(path) ? null : failure("ENOENT"));
})();
