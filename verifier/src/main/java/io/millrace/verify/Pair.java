package io.millrace.verify;

/** Both sides of one database, asked the same question at the same time. */
record Pair(Side source, Side target, int database) {
    /** Two answers. */
    record Replies(Object source, Object target) {
        long sourceNumber() {
            return (Long) source;
        }

        long targetNumber() {
            return (Long) target;
        }

        boolean same() {
            return Bytes.same(source, target);
        }
    }

    Replies ask(Command command, byte[] key, byte[]... more) {
        return ask(command, new byte[0][], key, more);
    }

    /** As {@link #ask(Command, byte[], byte[]...)} for a command with a subcommand before its key. */
    Replies ask(Command command, byte[][] before, byte[] key, byte[]... more) {
        byte[][] arguments = new byte[before.length + 1 + more.length][];
        System.arraycopy(before, 0, arguments, 0, before.length);
        arguments[before.length] = key;
        System.arraycopy(more, 0, arguments, before.length + 1, more.length);
        Pipeline atSource = source.pipeline(database);
        Pipeline atTarget = target.pipeline(database);
        int number = atSource.send(key, command, arguments);
        atTarget.send(key, command, arguments);
        atSource.read();
        atTarget.read();
        return new Replies(atSource.get(number), atTarget.get(number));
    }
}
