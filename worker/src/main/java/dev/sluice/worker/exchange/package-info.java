/**
 * One request and its response, and the three parties that deal with it: the {@code ClientStream}
 * it came from, the {@code ContentHandler} that answers it, and the {@code Location} whose settings
 * apply. Protocol versions and kinds of content meet here and nowhere else.
 */
package dev.sluice.worker.exchange;
