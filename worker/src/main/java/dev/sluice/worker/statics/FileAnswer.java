package dev.sluice.worker.statics;

import dev.sluice.common.config.StaticConfig;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.coding.Coding;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import java.nio.charset.StandardCharsets;

/**
 * Decides how a file answers a request, whole, in part, or not at all because the client has it,
 * and writes the head.
 *
 * <p>Owner: event loop.
 */
final class FileAnswer {

    private static final byte[] CONTENT_TYPE = HeaderName.bytes(HeaderName.CONTENT_TYPE);
    private static final byte[] CONTENT_RANGE = HeaderName.bytes(HeaderName.CONTENT_RANGE);
    private static final byte[] LAST_MODIFIED = HeaderName.bytes(HeaderName.LAST_MODIFIED);
    private static final byte[] ETAG = HeaderName.bytes(HeaderName.ETAG);
    private static final byte[] ACCEPT_RANGES = HeaderName.bytes(HeaderName.ACCEPT_RANGES);
    private static final byte[] BYTES = "bytes".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] UNSATISFIED = "bytes */".getBytes(StandardCharsets.US_ASCII);

    private final StaticFiles files;
    /** Null where none is looked for. */
    private final CodedFiles coded;
    private final byte[] defaultType;
    private final boolean etags;
    private final boolean sendfile;
    private final int rangesMax;

    FileAnswer(StaticFiles files, StaticConfig config) {
        this.files = files;
        this.coded = config.precompressed() == null ? null
                : new CodedFiles(files, config.precompressed());
        this.defaultType = config.defaultType().getBytes(StandardCharsets.ISO_8859_1);
        this.etags = config.etag();
        this.sendfile = config.sendfile();
        this.rangesMax = config.maxRanges();
    }

    /**
     * Sends a file, or what lies compressed beside it. The file is handed over: this releases it,
     * now or when the exchange has ended.
     */
    void send(Exchange x, FileRoot root, CachedFile f) {
        byte[] type = f.mediaType != null ? f.mediaType : defaultType;
        CachedFile better = coded == null || Answers.isErrorPage(x)
                || x.client.wantsPlainBody() ? null : coded.find(x, root, f);
        if (better == null) {
            send(x, f, type, null);
        } else {
            files.release(f);
            send(x, better, type, coded.found());
        }
    }

    /** @param coding of what the file holds; null for none */
    private void send(Exchange x, CachedFile f, byte[] type, Coding coding) {
        assert f.isFile();
        if (Answers.isErrorPage(x)) {
            // Neither conditions nor ranges of the request are about the page of an error.
            sendWhole(x, f, type, null, Answers.statusToSend(x, 200));
            return;
        }
        HeaderTable headers = x.request.headers;
        byte[] etag = etags ? f.etag : null;
        int verdict = Preconditions.evaluate(headers, etag, f.lastModifiedSeconds);
        if (verdict == 304) {
            sendNotModified(x, f);
        } else if (verdict == 412) {
            files.release(f);
            Answers.status(x, 412);
        } else if (rangesMax > 0 && headers.has(HeaderName.RANGE)
                && x.request.method == Method.GET
                && Preconditions.rangeCounts(headers, etag, f.lastModifiedSeconds)) {
            sendRanges(x, f, type, coding);
        } else {
            sendWhole(x, f, type, coding, 200);
        }
    }

    private void sendWhole(Exchange x, CachedFile f, byte[] type, Coding coding, int status) {
        ClientStream client = x.client;
        client.beginHead(status);
        client.header(CONTENT_TYPE, type);
        encoding(client, coding);
        if (!Answers.isErrorPage(x)) {
            validators(client, f);
            if (rangesMax > 0) {
                client.header(ACCEPT_RANGES, BYTES);
            }
        }
        if (f.cached) {
            client.sameBody(f.bodySerial != 0 ? f.bodySerial
                    : (f.bodySerial = x.ctx.nextBodySerial()));
        }
        sendBody(x, f, 0, f.size);
    }

    private void validators(ClientStream client, CachedFile f) {
        client.header(LAST_MODIFIED, f.lastModified);
        if (etags) {
            client.header(ETAG, f.etag);
        }
        if (coded != null) {
            coded.vary(client);
        }
    }

    private static void encoding(ClientStream client, Coding coding) {
        if (coding != null) {
            client.header(HeaderName.CONTENT_ENCODING, coding.token());
        }
    }

    private void sendBody(Exchange x, CachedFile f, long from, long to) {
        ClientStream client = x.client;
        if (!client.endHead(to - from)) {
            files.release(f);
            Answers.status(x, 500);
            return;
        }
        if (x.request.method == Method.HEAD || from == to) {
            files.release(f);
            client.endResponse();
        } else if (f.content != null && to - from <= client.room()) {
            // The usual case, a small file: it goes out with its head and nothing is kept.
            int written = client.writeCopy(f.content, f.contentOffset + (int) from,
                    (int) (to - from));
            assert written == to - from : "room was promised";
            files.release(f);
            client.endResponse();
        } else {
            files.newSend().start(x, f, sendfile, from, to);
        }
    }

    private void sendNotModified(Exchange x, CachedFile f) {
        x.client.beginHead(304);
        validators(x.client, f);
        boolean fits = x.client.endHead(ClientStream.NO_BODY);
        files.release(f);
        if (fits) {
            x.client.endResponse();
        } else {
            Answers.status(x, 500);
        }
    }

    private void sendRanges(Exchange x, CachedFile f, byte[] type, Coding coding) {
        HeaderTable headers = x.request.headers;
        int i = headers.find(HeaderName.RANGE);
        RangeSet ranges = files.ranges();
        // Range is no list: of two fields none can be preferred.
        RangeSet.Result result = headers.findNext(HeaderName.RANGE, i) >= 0
                ? RangeSet.Result.WHOLE
                : ranges.parse(headers.buffer(), headers.valueOffset(i), headers.valueLength(i),
                        f.size, rangesMax);
        switch (result) {
            case WHOLE -> sendWhole(x, f, type, coding, 200);
            case UNSATISFIABLE -> {
                long size = f.size;
                files.release(f);
                sendNotSatisfiable(x, size);
            }
            case PARTIAL -> {
                if (ranges.count() == 1) {
                    sendPart(x, f, type, coding, ranges);
                } else {
                    sendParts(x, f, type, coding, ranges);
                }
            }
        }
    }

    /** 416 with the size that a better range would need (RFC 9110 §15.5.17). */
    private static void sendNotSatisfiable(Exchange x, long size) {
        if (Answers.page(x, 416, ("Content-Range: bytes */" + size + "\r\n")
                .getBytes(StandardCharsets.US_ASCII))) {
            return;
        }
        x.client.beginHead(416);
        x.client.beginHeader(CONTENT_RANGE).put(UNSATISFIED).putDecimal(size);
        x.client.endHeader();
        if (x.client.endHead(0)) {
            x.client.endResponse();
        } else {
            Answers.status(x, 500);
        }
    }

    private void sendPart(Exchange x, CachedFile f, byte[] type, Coding coding,
            RangeSet ranges) {
        long from = ranges.from(0);
        long to = ranges.to(0);
        ClientStream client = x.client;
        client.beginHead(206);
        client.header(CONTENT_TYPE, type);
        encoding(client, coding);
        validators(client, f);
        ByteSink value = client.beginHeader(CONTENT_RANGE);
        MultipartFrame.putContentRange(value, from, to, f.size);
        client.endHeader();
        sendBody(x, f, from, to);
    }

    private void sendParts(Exchange x, CachedFile f, byte[] type, Coding coding,
            RangeSet ranges) {
        ClientStream client = x.client;
        long boundary = files.newBoundary();
        long length = MultipartFrame.endLength();
        for (int i = 0; i < ranges.count(); i++) {
            long from = ranges.from(i);
            long to = ranges.to(i);
            length += MultipartFrame.headLength(type, from, to, f.size) + to - from;
        }
        client.beginHead(206);
        MultipartFrame.putMediaType(client.beginHeader(CONTENT_TYPE), boundary);
        client.endHeader();
        encoding(client, coding);
        validators(client, f);
        if (client.endHead(length)) {
            files.newSend().startParts(x, f, sendfile, ranges, type, boundary);
        } else {
            files.release(f);
            Answers.status(x, 500);
        }
    }
}
