package dev.sluice.master;

import java.io.IOException;
import java.nio.file.Path;

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
                public void takeOutput(Path printed) {}

                @Override
                public void giveUp() {}

                @Override
                public void leave() {}
            };

    /** Commands come here from now on, and no longer to another master of this run directory. */
    void publish() throws IOException;

    /**
     * The pid is this one from now on.
     *
     * @throws IOException it cannot be written, or another process has locked it
     */
    void takePidFile() throws IOException;

    /** This process prints from now on where the master before it did. @param printed till now */
    void takeOutput(Path printed);

    /** Another process has the command socket, and is given the pid file. */
    void giveUp();

    /** Removes both, unless another process has them: a new master may start. */
    void leave();
}
