import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Caffeine under the lab's operations; ../README.md says how it is told what to do. */
public final class CaffeinePeer {
    private static final int WARM_UPS = 3;

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        for (PeerSupport.Row row : PeerSupport.manifest(folder)) {
            if (row.word().equals("cache")) {
                measure(row, Integer.parseInt(row.kind()), rounds);
            }
        }
    }

    private static void measure(PeerSupport.Row row, int capacity, int rounds) throws Exception {
        Object[][] keys = new Object[row.threads()][];
        for (int thread = 0; thread < row.threads(); thread++) {
            keys[thread] = PeerSupport.keys("map", row.files().get(thread));
        }
        Cache<Object, Object> cache = Caffeine.newBuilder().maximumSize(capacity).build();
        List<Double> times = new ArrayList<>();
        LongAdder hits = new LongAdder();
        // Each round has a part of the operations to itself.
        int count = keys[0].length / (rounds + WARM_UPS);
        for (int round = -WARM_UPS; round < rounds; round++) {
            if (round == 0) {
                hits.reset();
            }
            int start = (round + WARM_UPS) * count;
            double time = PeerSupport.run(row.threads(), thread -> hits.add(work(cache, keys[thread], start, start + count)));
            if (round >= 0) {
                times.add(time / count);
            }
        }
        double requests = (double) count * row.threads() * rounds;
        PeerSupport.print("Java Caffeine", row.name(), 0, hits.sum() / requests, times);
    }

    private static long work(Cache<Object, Object> cache, Object[] keys, int start, int end) {
        long hits = 0;
        for (int index = start; index < end; index++) {
            Object key = keys[index];
            if (cache.getIfPresent(key) != null) {
                hits++;
            } else {
                cache.put(key, key);
            }
        }
        return hits;
    }
}
