package dev.sluice.master;

import dev.sluice.common.config.MainConfig;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.master.command.CommandSink;
import dev.sluice.master.command.CommandSocket;
import dev.sluice.master.system.PidFile;
import dev.sluice.master.system.Posix;
import dev.sluice.master.system.RunDirectory;
import dev.sluice.master.upgrade.Predecessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The station of a process that is to live as the master. Owner: master loop. */
final class MasterStation implements Station {

    private final Path pidPath;
    private final Path socketPath;
    private ErrorLog log;
    private CommandSink sink;
    private PidFile pidFile;
    private CommandSocket commands;

    MasterStation(MainConfig main) {
        pidPath = Path.of(main.pidFile());
        socketPath = RunDirectory.commandSocket(Path.of(main.runDirectory()));
    }

    /** Where commands go; called by other threads. */
    void serves(ErrorLog itsLog, CommandSink itsSink) {
        log = itsLog;
        sink = itsSink;
    }

    /** @throws IOException the path cannot be used, or another master answers there */
    void open() throws IOException {
        commands = CommandSocket.open(socketPath, log, sink);
    }

    @Override
    public void publish() throws IOException {
        CommandSocket before = commands;
        commands = CommandSocket.replace(socketPath, log, sink);
        if (before != null) {
            // Another master's socket had been in its place.
            before.giveUp();
            before.close();
        }
    }

    @Override
    public void takePidFile() throws IOException {
        pidFile = PidFile.take(pidPath, ProcessHandle.current().pid());
    }

    @Override
    public void takeOutput(Path printed) {
        try {
            String text = Files.exists(printed) ? Files.readString(printed) : "";
            System.out.flush();
            Posix.replace(Predecessor.OUT, 1);
            Posix.replace(Predecessor.ERR, 2);
            System.err.print(text);
            Files.deleteIfExists(printed);
        } catch (IOException unreadable) {
            // Then what it printed stays there.
        }
    }

    @Override
    public void giveUp() {
        if (commands != null) {
            commands.giveUp();
        }
        if (pidFile != null) {
            pidFile.giveUp();
            pidFile = null;
        }
    }

    @Override
    public void leave() {
        if (commands != null) {
            commands.close();
        }
        if (pidFile != null) {
            pidFile.release();
            pidFile = null;
        }
    }

    /** The process ends. */
    void close() {
        leave();
        if (commands != null) {
            commands.finish();
        }
    }
}
