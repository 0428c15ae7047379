#!/usr/bin/env python3
"""For each path of standard input: how many pictures OpenCV reads of the video, one after the other, until it fails."""
import concurrent.futures
import os
import sys

os.environ["OPENCV_LOG_LEVEL"] = "OFF"
os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"
import cv2

cv2.setNumThreads(1)


def pictures(line):
    video = cv2.VideoCapture(line.rstrip("\n"), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    count = 0
    while video.grab():
        # A picture that cannot be shown was not read.
        shown, _ = video.retrieve()
        if not shown:
            break
        count += 1
    return count


if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for answer in pool.map(pictures, sys.stdin.readlines(), chunksize=4):
            print(answer)
