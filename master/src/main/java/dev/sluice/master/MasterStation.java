package dev.sluice.master;

import dev.sluice.common.config.MainConfig;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.master.command.Command;
import dev.sluice.master.command.CommandSocket;
import dev.sluice.master.command.Reply;
import dev.sluice.master.system.PidFile;
import dev.sluice.master.system.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/** The station of a process that is to live as the master. Owner: master loop. */
final class MasterStation implements Station {

    private final Path pidPath;
    private final Path socketPath;
    private ErrorLog log;
    private BiConsumer<Command, Reply> sink;
    private PidFile pidFile;
    private CommandSocket commands;

    MasterStation(MainConfig main) {
        pidPath = Path.of(main.pidFile());
        socketPath = RunDirectory.commandSocket(Path.of(main.runDirectory()));
    }

    /** Where commands go; called by other threads. */
    void serves(ErrorLog itsLog, BiConsumer<Command, Reply> itsSink) {
        log = itsLog;
        sink = itsSink;
    }

    /** @throws IOException the path cannot be used, or another master answers there */
    void open() throws IOException {
        commands = CommandSocket.open(socketPath, log, sink);
    }

    @Override
    public void publish() throws IOException {
        commands = CommandSocket.replace(socketPath, log, sink);
    }

    @Override
    public void takePidFile() throws IOException {
        pidFile = PidFile.take(pidPath, ProcessHandle.current().pid());
    }

    @Override
    public void giveUp() {
        commands.giveUp();
        pidFile.giveUp();
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
