package dev.sluice.common.counters;

/** Turns the offsets within a block into offsets within the file. Stateless. */
final class BlockPlaces {
    private BlockPlaces() {}

    static int[] in(int[] placesInBlock, int blockAt, int unreadAt) {
        int[] all = placesInBlock.clone();
        for (int i = 0; i < all.length; i++) {
            all[i] = all[i] < 0 ? unreadAt : blockAt + all[i];
        }
        return all;
    }
}
