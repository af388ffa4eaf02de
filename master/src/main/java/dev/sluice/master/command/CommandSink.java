package dev.sluice.master.command;

/** Where what comes over the command socket goes. Called by other threads. */
@FunctionalInterface
public interface CommandSink {

    /** A command came; the reply is given its outcome. */
    void accept(Command command, Reply reply);

    /** An operator asks all workers; the reply is given what they say. */
    default void ask(String words, Reply reply) {
        reply.line("? nobody answers questions here");
        reply.end(ExitCode.FAILED);
    }
}
