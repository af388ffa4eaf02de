package dev.sluice.module;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a module gets from the worker that opens it. Its methods are for {@code open}, and for
 * {@code install}, on the thread that calls them; the log alone is for always and for any thread.
 */
public interface ModuleContext {

    /** Whether this is only a check ({@code sluice -t}): no socket, no thread, no writing. */
    boolean dryRun();

    /** The name of the module, as its manifest and the configuration have it. */
    String name();

    /** The keys of {@code [module NAME]}; the defaults when there is no such section. */
    Settings settings();

    /** The worker's error log, each line with the name of the module; any thread may use it. */
    ModuleLog log();

    /**
     * Makes a place for a value that hooks keep with a request.
     *
     * @param <T> what is kept there
     */
    <T> Slot<T> slot();

    /**
     * Compiles a text with variables, as in the configuration: {@code "$remote_addr $host"}.
     *
     * @throws ModuleException a variable is not known, or the text is not well-formed
     */
    Text text(String template) throws ModuleException;

    /**
     * Gives a variable its value. It can be named wherever the configuration takes variables: logs,
     * {@code proxy_set_header}, {@code [map]}, keys of limits and of balancers, and as the upstream
     * of {@code proxy_pass = http://$NAME}. Each variable of the manifest is given one, once.
     *
     * @param name without the dollar sign, one of {@code Sluice-Module-Variables}
     * @throws IllegalArgumentException the manifest does not name it
     */
    void variable(String name, VariableHook hook);

    /**
     * Gives all variables that begin alike their values, as {@code $http_NAME} does for fields.
     *
     * @param family as {@code Sluice-Module-Variables} has it: {@code jwt_claim_*}
     * @throws IllegalArgumentException the manifest does not name it
     */
    void variables(String family, VariableFamilyHook hook);

    /**
     * Asks the module about every connection that a worker accepts, before its first byte is read.
     * For all addresses of the configuration, those of streams included; once.
     */
    void onConnect(ConnectHook hook);

    /**
     * Asks the module about every client that has shown a certificate, when the handshake is done
     * and before its first request. For servers with {@code ssl_verify_client}; once.
     */
    void onTlsPeer(TlsPeerHook hook);

    /**
     * Brings what chooses peers, for {@code balance = module NAME} of upstreams.
     *
     * @param name one of {@code Sluice-Module-Balancers}
     * @throws IllegalArgumentException the manifest does not name it
     */
    void balancer(String name, PeerChooser chooser);

    /**
     * A counter of the module's own, for {@code /metrics}.
     *
     * @param name one of {@code Sluice-Module-Counters}
     * @throws IllegalArgumentException the manifest does not name it
     */
    ModuleCounter counter(String name);

    /**
     * Has something done again and again on the event loop, between {@link ModuleInstance#start}
     * and {@link ModuleInstance#close}, for the first time after one period. Never under a check.
     * A period that was missed is not made up for. 64 at most.
     *
     * @param period 100 ms to 1 day
     * @throws IllegalArgumentException another period
     */
    void every(Duration period, TimerHook hook);

    /**
     * Reads a file, and reads it again when it has changed: a worker looks each second whether it
     * is another one, of another length, or was written at another time. No reload is needed. A
     * file that has gone or cannot be used leaves what was read before as it is, which the error
     * log is told once. It should be replaced by renaming another one over it: one that is being
     * written could be read in between. 256 at most.
     *
     * @param reader called at once, and again for each change
     * @return where to ask for what it has given
     * @param <T> what it gives
     * @throws ModuleException it cannot be read, under a check alone: a worker starts without,
     *     tells the error log, and takes the file when it can
     */
    <T> Watched<T> watch(Path file, FileReader<T> reader) throws ModuleException;
}
