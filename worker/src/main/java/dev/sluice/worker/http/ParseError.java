package dev.sluice.worker.http;

/**
 * Why a message was refused. On the data path an error is a value: the status is what the sender
 * of a bad request is answered before its connection closes. The same error in a response of an
 * upstream always becomes a 502. Written at boot, then read-only.
 */
public enum ParseError {
    BAD_METHOD(400, "9110 §9.1", "method is not a token of at most 32 characters"),
    TLS_RECORD(400, "9110 §4.2.1", "it speaks TLS, and this address does not (listen without ssl)"),
    BAD_REQUEST_LINE(400, "9112 §3", "request line is malformed"),
    MISSING_VERSION(400, "9112 §3", "request line has no HTTP version"),
    BAD_TARGET(400, "9112 §3.2", "request target is malformed"),
    BAD_TARGET_CHARACTER(400, "9112 §3.2", "request target holds a control character"),
    FRAGMENT_IN_TARGET(400, "9112 §3.2", "request target holds a fragment"),
    TARGET_FORM_NOT_FOR_METHOD(400, "9112 §3.2", "form of the target does not fit the method"),
    BAD_SCHEME(400, "9112 §3.2.2", "scheme of the target is neither http nor https"),
    BAD_VERSION(400, "9112 §2.3", "HTTP version is malformed"),
    VERSION_NOT_SUPPORTED(505, "9110 §15.6.6", "HTTP version is neither 1.0 nor 1.1"),
    REQUEST_LINE_TOO_LONG(414, "9112 §3", "request line is longer than the limit"),

    BARE_CR(400, "9112 §2.2", "CR without LF"),
    BARE_LF(400, "9112 §2.2", "LF without CR"),
    HEADERS_TOO_LARGE(431, "9110 §5.4", "header block is larger than the limit"),
    TOO_MANY_HEADERS(431, "9110 §5.4", "more header fields than the limit"),
    HEADER_NAME_TOO_LONG(431, "9110 §5.4", "header field name is longer than the limit"),
    EMPTY_HEADER_NAME(400, "9112 §5", "header field without a name"),
    BAD_HEADER_NAME(400, "9110 §5.1", "header field name is not a token"),
    HEADER_WITHOUT_COLON(400, "9112 §5", "header line without a colon"),
    SPACE_BEFORE_COLON(400, "9112 §5.1", "white space before the colon of a header field"),
    OBSOLETE_FOLDING(400, "9112 §5.2", "header field is folded"),
    BAD_HEADER_VALUE(400, "9110 §5.5", "header field value holds a control character"),

    MISSING_HOST(400, "9112 §3.2", "Host is missing"),
    REPEATED_HOST(400, "9112 §3.2", "Host is given more than once"),
    BAD_HOST(400, "9110 §7.2", "Host is not a valid host and port"),

    LENGTH_AND_TRANSFER_ENCODING(400, "9112 §6.1", "Content-Length beside Transfer-Encoding"),
    REPEATED_CONTENT_LENGTH(400, "9112 §6.3", "Content-Length is given more than once"),
    BAD_CONTENT_LENGTH(400, "9110 §8.6", "Content-Length is not a decimal number in range"),
    REPEATED_TRANSFER_ENCODING(400, "9112 §6.1", "Transfer-Encoding is given more than once"),
    BAD_TRANSFER_ENCODING(400, "9112 §6.1", "Transfer-Encoding is not exactly chunked"),
    TRANSFER_ENCODING_IN_HTTP_1_0(400, "9112 §6.1", "Transfer-Encoding in an HTTP/1.0 message"),
    BAD_CONNECTION(400, "9110 §7.6.1", "Connection names too many options"),
    UNKNOWN_EXPECTATION(417, "9110 §10.1.1", "Expect is not 100-continue"),

    BAD_PSEUDO_HEADER(400, "9113 §8.3", "pseudo-header field is unknown, repeated or out of place"),
    MISSING_PSEUDO_HEADER(400, "9113 §8.3.1", "pseudo-header field is missing"),
    UNKNOWN_PROTOCOL(501, "8441 §4", ":protocol is not websocket"),
    UPPER_CASE_NAME(400, "9113 §8.2.1", "header field name has an upper-case letter"),
    SPACE_AROUND_VALUE(400, "9113 §8.2.1", "header field value begins or ends with white space"),
    CONNECTION_FIELD(400, "9113 §8.2.2", "header field belongs to connections of HTTP/1"),
    HOST_UNLIKE_AUTHORITY(400, "9113 §8.3.1", "Host differs from :authority"),
    LENGTH_UNLIKE_BODY(400, "9113 §8.1.1", "Content-Length differs from the length of the body"),

    BAD_CHUNK_SIZE(400, "9112 §7.1", "chunk size is not plain hexadecimal in range"),
    BAD_CHUNK_EXTENSION(400, "9112 §7.1.1", "chunk extension is malformed"),
    CHUNK_EXTENSION_TOO_LONG(413, "9112 §7.1.1", "chunk extensions are longer than the limit"),
    BAD_CHUNK_END(400, "9112 §7.1", "chunk data does not end with CR LF"),
    TRAILERS_TOO_LARGE(431, "9112 §7.1.2", "trailer section is larger than the limit"),

    BAD_STATUS_LINE(502, "9112 §4", "status line is malformed"),

    BAD_ESCAPE(400, "3986 §2.1", "path holds a malformed percent escape"),
    CONTROL_IN_PATH(400, "3986 §2.2", "path holds an escaped control character"),
    AMBIGUOUS_PATH(400, "3986 §3.3", "path can be read in two ways"),
    PATH_ABOVE_ROOT(400, "3986 §5.2.4", "path climbs above the root"),
    PATH_TOO_LONG(414, "9110 §4.1", "path does not fit");

    private final int status;
    private final String rfcSection;
    private final String sentence;

    ParseError(int status, String rfcSection, String sentence) {
        this.status = status;
        this.rfcSection = rfcSection;
        this.sentence = sentence;
    }

    /** The status that answers a request refused for this. */
    public int status() {
        return status;
    }

    /** Number and section of the RFC that is violated, or that names the limit. */
    public String rfcSection() {
        return rfcSection;
    }

    /** What is wrong, lower case, no full stop, fit for a log line. */
    public String sentence() {
        return sentence;
    }
}
