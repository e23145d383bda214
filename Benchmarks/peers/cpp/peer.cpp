// Maps in C++ under the lab's operations; ../README.md says how it is told what to do.

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using Words = std::vector<uint64_t>;
using Text = std::string;
using Block = std::array<uint64_t, 4>;

#if defined(PEER_TBB)
#include <tbb/concurrent_hash_map.h>
static const char *const subject = "oneTBB concurrent_hash_map";

template <class Key, class Value> class Map {
    tbb::concurrent_hash_map<Key, Value> map;

  public:
    void set(const Key &key, const Value &value) {
        typename tbb::concurrent_hash_map<Key, Value>::accessor entry;
        map.insert(entry, key);
        entry->second = value;
    }
    bool get(const Key &key, Value &value) const {
        typename tbb::concurrent_hash_map<Key, Value>::const_accessor entry;
        if (!map.find(entry, key)) {
            return false;
        }
        value = entry->second;
        return true;
    }
};
#elif defined(PEER_CUCKOO)
#include <libcuckoo/cuckoohash_map.hh>
static const char *const subject = "libcuckoo";

// The identity, which std::hash is for integers, is no hash that libcuckoo can work with; this is the finalizer of MurmurHash3.
template <class Key> struct Mixed {
    size_t operator()(const Key &key) const { return std::hash<Key>()(key); }
};
template <> struct Mixed<uint64_t> {
    size_t operator()(uint64_t key) const {
        key = (key ^ (key >> 33)) * 0xff51afd7ed558ccdULL;
        key = (key ^ (key >> 33)) * 0xc4ceb9fe1a85ec53ULL;
        return key ^ (key >> 33);
    }
};

template <class Key, class Value> class Map {
    libcuckoo::cuckoohash_map<Key, Value, Mixed<Key>> map;

  public:
    void set(const Key &key, const Value &value) { map.insert_or_assign(key, value); }
    bool get(const Key &key, Value &value) const { return map.find(key, value); }
};
#else
#error "compile with -DPEER_TBB or -DPEER_CUCKOO"
#endif

static Words read_words(const std::string &path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) {
        std::cerr << "can't read " << path << "\n";
        std::exit(1);
    }
    Words words(static_cast<size_t>(file.tellg()) / 8);
    file.seekg(0);
    file.read(reinterpret_cast<char *>(words.data()), static_cast<std::streamsize>(words.size() * 8));
    return words;
}

static std::vector<uint8_t> read_operations(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

static size_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    size_t total = 0, resident = 0;
    file >> total >> resident;
    return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

template <class Key> Key key_of(uint64_t word);
template <> uint64_t key_of<uint64_t>(uint64_t word) { return word; }
template <> Text key_of<Text>(uint64_t word) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%012llu", static_cast<unsigned long long>(word % 1000000000000ULL));
    return digits;
}
static uint64_t sum_of(uint64_t value) { return value; }
static uint64_t sum_of(const Block &value) { return value[0] ^ value[1] ^ value[2] ^ value[3]; }
template <class Value> Value value_of(uint64_t word);
template <> uint64_t value_of<uint64_t>(uint64_t word) { return word; }
template <> Block value_of<Block>(uint64_t word) { return {word, word + 1, word + 2, word + 3}; }

struct Row {
    std::string name;
    std::vector<std::string> files;
};

static std::atomic<uint64_t> sink;

static double run_threads(size_t count, const std::function<void(size_t)> &body) {
    std::atomic<size_t> missing(count);
    std::vector<double> times(count);
    std::vector<std::thread> threads;
    cpu_set_t allowed;
    sched_getaffinity(0, sizeof allowed, &allowed);
    std::vector<int> processors;
    for (int number = 0; number < CPU_SETSIZE; number++) {
        if (CPU_ISSET(number, &allowed)) {
            processors.push_back(number);
        }
    }
    for (size_t index = 0; index < count; index++) {
        threads.emplace_back([&, index] {
            cpu_set_t set;
            CPU_ZERO(&set);
            CPU_SET(processors[index % processors.size()], &set);
            pthread_setaffinity_np(pthread_self(), sizeof set, &set);
            missing--;
            while (missing > 0) {
                sched_yield();
            }
            auto start = std::chrono::steady_clock::now();
            body(index);
            times[index] = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
        });
    }
    for (auto &thread : threads) {
        thread.join();
    }
    return *std::max_element(times.begin(), times.end());
}

template <class Key, class Value> void measure(const std::string &folder, const std::string &load, const std::vector<Row> &rows, int rounds) {
    size_t before = resident_bytes();
    auto map = std::make_unique<Map<Key, Value>>();
    size_t entry_count = 0;
    {
        std::ifstream file(folder + "/" + load, std::ios::binary);
        uint64_t word = 0;
        while (file.read(reinterpret_cast<char *>(&word), 8)) {
            map->set(key_of<Key>(word), value_of<Value>(entry_count++));
        }
    }
    double bytes = static_cast<double>(resident_bytes() - before) / static_cast<double>(std::max<size_t>(entry_count, 1));
    for (const auto &row : rows) {
        std::vector<std::vector<Key>> keys;
        std::vector<std::vector<uint8_t>> operations;
        for (const auto &file : row.files) {
            keys.emplace_back();
            for (uint64_t word : read_words(folder + "/" + file)) {
                keys.back().push_back(key_of<Key>(word));
            }
            operations.push_back(read_operations(folder + "/" + file + ".ops"));
        }
        std::printf("{\"subject\": \"%s\", \"row\": \"%s\", \"bytes\": %.2f, \"ns\": [", subject, row.name.c_str(), bytes);
        // The round before the first only warms up.
        for (int round = -1; round < rounds; round++) {
            double time = run_threads(keys.size(), [&](size_t thread) {
                const auto &mine = keys[thread];
                const auto &kinds = operations[thread];
                uint64_t sum = 0;
                for (size_t index = 0; index < mine.size(); index++) {
                    if (!kinds.empty() && kinds[index] != 0) {
                        map->set(mine[index], value_of<Value>(index));
                    } else {
                        Value value;
                        if (map->get(mine[index], value)) {
                            sum += sum_of(value);
                        }
                    }
                }
                sink += sum;
            });
            if (round >= 0) {
                std::printf("%s%.2f", round == 0 ? "" : ", ", time / static_cast<double>(keys[0].size()));
            }
        }
        std::printf("]}\n");
        std::fflush(stdout);
    }
}

int main(int count, char **arguments) {
    if (count != 3) {
        std::cerr << "usage: peer FOLDER ROUNDS\n";
        return 1;
    }
    std::string folder = arguments[1];
    std::map<std::string, std::string> loads;
    std::map<std::string, std::vector<Row>> rows;
    std::ifstream manifest(folder + "/manifest.txt");
    for (std::string line; std::getline(manifest, line);) {
        std::istringstream words(line);
        std::string kind, name, type, file;
        words >> kind;
        if (kind == "load") {
            words >> type >> file;
            loads[type] = file;
        } else if (kind == "row") {
            size_t threads = 0;
            words >> name >> type >> threads;
            Row row{name, {}};
            while (words >> file) {
                row.files.push_back(file);
            }
            rows[type].push_back(row);
        }
    }
    int rounds = std::atoi(arguments[2]);
    if (!rows["map"].empty()) {
        measure<uint64_t, uint64_t>(folder, loads["map"], rows["map"], rounds);
    }
    if (!rows["text"].empty()) {
        measure<Text, Block>(folder, loads["text"], rows["text"], rounds);
    }
    return 0;
}
