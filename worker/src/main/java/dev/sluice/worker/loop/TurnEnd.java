package dev.sluice.worker.loop;

/** Something that wants to be called once when all events of this turn have been handled. */
public interface TurnEnd {

    /**
     * All events of the turn have been handled: send what was gathered. Called on the loop. An
     * object that was queued and then closed is still called, so it looks at its state first.
     */
    void endOfTurn();

    /** Remembers that it is queued. @return false when it already was */
    boolean markQueued();

    /** Forgets that it is queued; called just before {@link #endOfTurn()}. */
    void clearQueued();
}
