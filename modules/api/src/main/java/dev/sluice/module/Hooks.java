package dev.sluice.module;

/**
 * Where a module registers what it does in one location; used in {@link ModuleInstance#install}
 * only. The same hook object may be registered in many locations.
 *
 * <p>A hook that throws, or an asked one that is not done in time, counts as failed: the request
 * goes on as {@code on_error} of {@code [module NAME]} says, {@code fail_closed} (500),
 * {@code fail_open} (as if the hook were not there) or {@code unavailable} (503). After ten
 * failures within ten seconds the hook is not called for ten seconds, and counts as failed.
 *
 * <p>What is on its way cannot be taken back: a hook for a head that fails is counted, too, and
 * the head is sent as it was before the hook. A hook for a body that fails leaves the body as it is
 * from there on with {@code fail_open}. Else the answer is 500 or 503 while nothing of an answer
 * has been sent, and the exchange is cut later on. The head of an answer whose body has hooks
 * therefore waits until each of them has been called once: for the first piece, or for the whole
 * body where one wants that. {@link #onResponse} has seen it by then, and sees the error's head,
 * too.
 *
 * <p>Hooks see bodies in front of everything that Sluice does with them for the client: they get
 * what a peer, a file or the cache gives, and {@code gzip} and its like compress what they have
 * made of it. Of a file they get the original, whatever lies compressed beside it
 * ({@code gzip_static}). What a peer has compressed comes compressed; {@code proxy_set_header =
 * Accept-Encoding ""} has it send what can be read. A cache stores bodies as they came, so hooks
 * are called for each answer that is given out of it. Whoever changes bytes takes ETag, digests and
 * Accept-Ranges out of the head: they were true of the bytes before.
 */
public interface Hooks {

    /** The most that may be asked for as a whole body: 64 MiB. */
    int WHOLE_BODY_BYTES_MAX = 64 << 20;

    /** Asked on the event loop; must not block. */
    void on(Phase phase, RequestHook hook);

    /**
     * Asked on a virtual thread and may block there. At most {@code max_concurrent} of a module run
     * at once, each at most {@code timeout}; its thread is interrupted then.
     */
    void blocking(Phase phase, BlockingHook hook);

    /** Changes the head of the request to the peer. On the event loop; must not block. */
    void onUpstreamRequest(HeadHook hook);

    /**
     * Changes the head that a peer has answered with, before the location's own rules for fields.
     * Where there is a cache it changes what is stored, once, and is not asked again when that is
     * given; of a 304 that confirms what is stored it sees the fields that came with it. Whether
     * and how long an answer may be stored is decided by what the peer has said. On the event
     * loop; must not block.
     */
    void onUpstreamResponse(HeadHook hook);

    /** Changes the head of the answer to the client. On the event loop; must not block. */
    void onResponse(HeadHook hook);

    /** Asked when Sluice itself is about to answer with an error; not of what peers answer. */
    void onError(ErrorHook hook);

    /** Sees the body of the request pass on its way to the peer; its length is unknown then. */
    void requestBody(BodyHook hook);

    /**
     * Asked when the whole body of the request is here, before {@link Phase#CONTENT}.
     *
     * @param bytesMax a longer body is answered with 413; up to 64 MiB
     */
    void requestBody(int bytesMax, RequestBodyHook hook);

    /**
     * Sees the body of the answer pass on its way to the client; its length is unknown then. The
     * bytes are those that would have been sent: a part of a file (206), or compressed by a peer.
     */
    void responseBody(BodyHook hook);

    /**
     * Sees the whole body of the answer. Its head is complete by then, and waits; status and
     * fields are for {@link #onResponse}.
     *
     * @param bytesMax a longer body is a failure of the hook; up to 64 MiB
     */
    void responseBody(int bytesMax, ResponseBodyHook hook);

    /** Told of every exchange that has ended. On the event loop; must not block. */
    void onLog(LogHook hook);
}
