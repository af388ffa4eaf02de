package dev.sluice.master;

import dev.sluice.master.command.Command;
import dev.sluice.master.command.CommandSink;
import dev.sluice.master.command.Reply;

/** Brings what comes over the command socket to the loop of a master. Any thread. */
final class Commands implements CommandSink {

    private final Master master;

    Commands(Master master) {
        this.master = master;
    }

    @Override
    public void accept(Command command, Reply reply) {
        master.tell(new MasterEvent.Asked(command, reply));
    }

    @Override
    public void ask(String words, Reply reply) {
        master.tell(new MasterEvent.Told(() -> master.observed.ask(words, reply)));
    }
}
