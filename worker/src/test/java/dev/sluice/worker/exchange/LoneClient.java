package dev.sluice.worker.exchange;

/** A client of tests whose connection is plain and has carried this one request. */
public abstract class LoneClient extends ClientStream {

    @Override
    public boolean secure() {
        return false;
    }

    @Override
    public long connectionSerial() {
        return 1;
    }

    @Override
    public int connectionRequests() {
        return 1;
    }

    @Override
    public boolean pipelined() {
        return false;
    }
}
