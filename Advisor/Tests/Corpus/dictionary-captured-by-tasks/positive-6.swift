func crawl(_ roots: [String]) async {
    var seen: Set<String> = []
    await withDiscardingTaskGroup { group in
        for root in roots {
            group.addTask {
                seen.insert(root) // expect: dictionary-captured-by-tasks
                await visit(root)
            }
        }
    }
}
