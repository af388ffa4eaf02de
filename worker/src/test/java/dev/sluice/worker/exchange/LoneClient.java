package dev.sluice.worker.exchange;

/**
 * A client of tests whose connection has carried this one request, and is plain unless somebody
 * says otherwise.
 */
public abstract class LoneClient extends ClientStream {

    public TlsFacts tlsFacts;
    /** Somebody is to be told when everything has been taken. */
    protected boolean drainWanted;
    protected boolean headSent;
    /** A head is kept, so that it can be taken back. */
    protected boolean headHeld;

    @Override
    public boolean headSent() {
        return headSent;
    }

    @Override
    public boolean holdHead() {
        headHeld = true;
        return true;
    }

    @Override
    public void releaseHead() {
        assert headHeld && headSent();
        headHeld = false;
    }

    @Override
    public void takeBackHead() {
        assert headHeld && headSent();
        headHeld = false;
        headSent = false;
    }

    @Override
    public void wantDrain() {
        drainWanted = true;
    }

    @Override
    public TlsFacts tls() {
        return tlsFacts;
    }

    @Override
    public boolean secure() {
        return tlsFacts != null;
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
