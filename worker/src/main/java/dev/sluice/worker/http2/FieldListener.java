package dev.sluice.worker.http2;

import java.nio.ByteBuffer;

/** Told of the fields of a header block in their order. */
public interface FieldListener {

    /** One field; the bytes are lent until return. */
    void field(ByteBuffer names, int nameAt, int nameLength,
            ByteBuffer values, int valueAt, int valueLength);

    /** One field that is longer than {@link HpackScratch} takes. */
    void fieldTooLong();
}
