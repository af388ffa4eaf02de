package dev.sluice.master;

import java.io.IOException;

/** The pid file and the command socket: what makes a process the master of its run directory. */
interface Station {

    /** For a master that nobody asks. */
    Station NONE =
            new Station() {
                @Override
                public void publish() {}

                @Override
                public void takePidFile() {}

                @Override
                public void giveUp() {}

                @Override
                public void leave() {}
            };

    /** Commands come here from now on, and no longer to the master before this one. */
    void publish() throws IOException;

    /** The pid is this one; the master before has unlocked the file. */
    void takePidFile() throws IOException;

    /** Another process has the command socket, and is given the pid file. */
    void giveUp();

    /** Removes both, unless another process has them: a new master may start. */
    void leave();
}
