package dev.sluice.master.command;

/**
 * Where the outcome of something goes: to whoever asked for it on the command socket, or nowhere
 * when a signal asked. No method blocks or throws. Any thread.
 */
public interface Reply {

    /** A signal has nobody to answer to. */
    Reply NOBODY =
            new Reply() {
                @Override
                public void line(String text) {}

                @Override
                public void end(ExitCode code) {}
            };

    /** One line for the operator's screen. */
    void line(String text);

    /** Whether nobody is there any more. */
    default boolean isGone() {
        return false;
    }

    /** How many lines have not been written yet. */
    default int unread() {
        return 0;
    }

    /** The outcome; nothing follows it. */
    void end(ExitCode code);
}
