"""How fast a batch is, and what it takes, beside other tools: `python -m benchmarks.speed`, or `make bench`.

articles, template    articles of 4,000 characters, each another one, and the answers to them
double                a double of chat completions in a process of its own
ours, rival           one run of the batch, or of another tool, in a process of its own
running               starts those processes and reads what they tell
measures              CPU an article, start, throughput, growth: each a function that gives figures
process               what a process takes: CPU and memory

Figures of two machines differ; what is set beside something measured in the same minute (a ratio, a share of the ideal
rate, the time of 1,000 articles beside that of 100) can be compared, and stands first.
"""
