// sync.Map under the lab's operations; ../README.md says how it is told what to do.
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type block [4]uint64

type row struct {
	name  string
	files []string
}

var sink uint64

func words(path string) []uint64 {
	data, err := os.ReadFile(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	result := make([]uint64, len(data)/8)
	for index := range result {
		result[index] = binary.LittleEndian.Uint64(data[index*8:])
	}
	return result
}

func residentBytes() int {
	data, _ := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(data))
	pages, _ := strconv.Atoi(fields[1])
	return pages * os.Getpagesize()
}

func keys(kind, path string) []any {
	found := words(path)
	result := make([]any, len(found))
	for index, word := range found {
		if kind == "text" {
			result[index] = fmt.Sprintf("%012d", word%1000000000000)
		} else {
			result[index] = word
		}
	}
	return result
}

func value(kind string, index int) any {
	word := uint64(index)
	if kind == "text" {
		return block{word, word + 1, word + 2, word + 3}
	}
	return word
}

func runThreads(count int, body func(thread int)) time.Duration {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	times := make([]time.Duration, count)
	ready.Add(count)
	done.Add(count)
	for index := 0; index < count; index++ {
		go func(index int) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			ready.Done()
			<-start
			begin := time.Now()
			body(index)
			times[index] = time.Since(begin)
			done.Done()
		}(index)
	}
	ready.Wait()
	close(start)
	done.Wait()
	slowest := times[0]
	for _, each := range times {
		if each > slowest {
			slowest = each
		}
	}
	return slowest
}

func measure(folder, kind, load string, rows []row, rounds int) {
	runtime.GC()
	before := residentBytes()
	var m sync.Map
	loaded := words(filepath.Join(folder, load))
	count := len(loaded)
	for index, key := range keys(kind, filepath.Join(folder, load)) {
		m.Store(key, value(kind, index))
	}
	bytes := float64(residentBytes()-before) / float64(count)
	for _, row := range rows {
		var sequences [][]any
		var operations [][]byte
		for _, file := range row.files {
			path := filepath.Join(folder, file)
			sequences = append(sequences, keys(kind, path))
			kinds, _ := os.ReadFile(path + ".ops")
			operations = append(operations, kinds)
		}
		var times []string
		// The round before the first only warms up.
		for round := -1; round < rounds; round++ {
			runtime.GC()
			elapsed := runThreads(len(sequences), func(thread int) {
				kinds := operations[thread]
				sum := uint64(0)
				for index, key := range sequences[thread] {
					if len(kinds) > 0 && kinds[index] != 0 {
						m.Store(key, value(kind, index))
					} else if found, ok := m.Load(key); ok {
						switch found := found.(type) {
						case uint64:
							sum += found
						case block:
							sum += found[0] ^ found[1] ^ found[2] ^ found[3]
						}
					}
				}
				atomic.AddUint64(&sink, sum)
			})
			if round >= 0 {
				times = append(times, fmt.Sprintf("%.2f", float64(elapsed.Nanoseconds())/float64(len(sequences[0]))))
			}
		}
		fmt.Printf("{\"subject\": \"Go sync.Map\", \"row\": %q, \"bytes\": %.2f, \"ns\": [%s]}\n", row.name, bytes, strings.Join(times, ", "))
	}
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: peer FOLDER ROUNDS")
		os.Exit(1)
	}
	folder := os.Args[1]
	rounds, _ := strconv.Atoi(os.Args[2])
	file, err := os.Open(filepath.Join(folder, "manifest.txt"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer file.Close()
	loads := map[string]string{}
	rows := map[string][]row{}
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		fields := strings.Fields(scanner.Text())
		switch {
		case len(fields) == 3 && fields[0] == "load":
			loads[fields[1]] = fields[2]
		case len(fields) > 4 && fields[0] == "row":
			rows[fields[2]] = append(rows[fields[2]], row{fields[1], fields[4:]})
		}
	}
	for _, kind := range []string{"map", "text"} {
		if len(rows[kind]) > 0 {
			measure(folder, kind, loads[kind], rows[kind], rounds)
		}
	}
}
