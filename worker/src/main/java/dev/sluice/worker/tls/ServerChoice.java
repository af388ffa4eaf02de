package dev.sluice.worker.tls;

/** Says which server a client means that has not sent a request yet. */
public interface ServerChoice {

    /**
     * Place of the server in {@code SluiceConfig.clientTls()}; the default server of the address
     * for a name that none has, and for none.
     *
     * @param listenIndex place in {@code SluiceConfig.listenAddresses()}
     * @param name lower case, empty for none
     */
    int serverFor(int listenIndex, String name);
}
